// What is kept on a person who gave, for the person's rights; also while the plugin is off.
import type { Scope } from 'rostra/plugin';
import type { Identity } from './identity.ts';
import { fromRow } from './row.ts';

export interface GivenRow {
  id: string;
  recipient: string;
  givenOn: string;
  amountMinor: number;
  refundedMinor: number;
  currency: string;
  method: string;
  state: string;
  identity: Identity;
  attested: unknown;
  donorType: string;
}

export async function findGivenBy(scope: Scope, personId: string): Promise<GivenRow[]> {
  const found = await scope.db.raw(
    `select d.id, r.name as recipient, to_char(d.given_on, 'YYYY-MM-DD') as "givenOn",
       d.amount_minor as "amountMinor", d.refunded_minor as "refundedMinor", d.currency, d.method, d.state,
       d.identity, d.attested, g.type as "donorType"
     from fundraising.donation d join fundraising.donor g on g.id = d.donor_id
       join fundraising.recipient r on r.id = d.recipient_id
     where g.person_id = :personId order by d.id`,
    { personId },
  );
  return found.rows.map((row: Record<string, unknown>) =>
    fromRow<GivenRow>(row, ['amountMinor', 'refundedMinor']),
  );
}

/** The row stays for the ledger and the caps, and says of nobody who gave. */
export async function emptyDonations(scope: Scope, donorId: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.donation set identity = '{}', attested = '[]' where donor_id = :donorId`,
    { donorId },
  );
}

export async function forgetRecruiter(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw(
    'update fundraising.donation set recruiter_id = null where recruiter_id = :personId',
    { personId },
  );
}

export async function moveRecruiter(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw(
    'update fundraising.donation set recruiter_id = :into where recruiter_id = :from',
    { from, into },
  );
}

export async function nameDonorAnew(scope: Scope, id: string, personId: string): Promise<void> {
  await scope.db.raw('update fundraising.donor set person_id = :personId where id = :id', {
    id,
    personId,
  });
}

/** Promises that nobody kept: their donors were never more than that. Answers how many went. */
export async function deleteStalePromises(scope: Scope, before: Date): Promise<number> {
  const gone = await scope.db.raw(
    `update fundraising.donation d set identity = '{}', attested = '[]'
     where d.state = 'refused' and d.settled_at < :before and d.identity <> '{}'`,
    { before },
  );
  return gone.rowCount;
}

/** Scans of the person's own gifts; those of a whole batch are of many, and stay. */
export async function findScansOf(
  scope: Scope,
  personId: string,
): Promise<{ id: string; donationId: string; givenOn: string; name: string; type: string }[]> {
  const found = await scope.db.raw(
    `select e.id, e.donation_id as "donationId", to_char(d.given_on, 'YYYY-MM-DD') as "givenOn", e.name, e.type
     from fundraising.evidence e join fundraising.donation d on d.id = e.donation_id
       join fundraising.donor g on g.id = d.donor_id
     where g.person_id = :personId order by e.id`,
    { personId },
  );
  return found.rows;
}

/** Out of the table, with what is in it. */
export async function takeScan(scope: Scope, id: string): Promise<Buffer> {
  const found = await scope.db.raw(
    'delete from fundraising.evidence where id = :id returning content',
    { id },
  );
  return found.rows[0].content;
}

/** What no law wants any more: who gave, and the papers. Answers how many went. */
export async function deleteOutlived(scope: Scope, length: string): Promise<number> {
  const bindings = { length, now: scope.now() };
  const outlived = `< (cast(:now as timestamptz) - cast(:length as interval) - interval '1 year')::date`;
  const emptied = await scope.db.raw(
    `update fundraising.donation set identity = '{}', attested = '[]'
     where given_on ${outlived} and identity <> '{}'`,
    bindings,
  );
  const gone = await scope.db.raw(
    `delete from fundraising.evidence where at::date ${outlived}`,
    bindings,
  );
  return emptied.rowCount + gone.rowCount;
}
