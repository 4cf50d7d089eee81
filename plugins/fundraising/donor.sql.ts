// Donors: rows of the whole party, for a cap holds across its chapters. They say of nobody who they are but by a person's id.
import { prepared, type Scope } from 'rostra/plugin';
import { moveLikenesses } from './likeness.sql.ts';
import { held, heldBy } from './office.sql.ts';
import { takesRoom } from './room.sql.ts';

export interface DonorRow {
  id: string;
  /** Word of `money.donors`. */
  type: string;
  personId: string | undefined;
}

/** The donor that this person is; made when there is none yet. Locked either way, in one breath. */
export async function lockPersonDonor(scope: Scope, personId: string): Promise<DonorRow> {
  const found = await prepared(
    scope.db,
    `insert into fundraising.donor (type, person_id, created_at)
     values ('natural_person', :personId, :now)
     on conflict (person_id) do update set person_id = excluded.person_id returning id, type`,
    { personId, now: scope.now() },
  );
  return { ...found.rows[0], personId };
}

/**
 * One who is known by a keyed hash: no person of the file yet, one who shares a mailbox, or one who was erased. `isNew`: it
 * is certain that nothing was ever given by this donor.
 */
export async function lockHashedDonor(
  scope: Scope,
  donor: { type: string; identityHash: Buffer },
): Promise<DonorRow & { isNew: boolean }> {
  const tried = await prepared(
    scope.db,
    `with known as (
       select d.id, d.type, d.person_id from fundraising.donor d where d.id = coalesce(
         (select a.donor_id from fundraising.donor_alias a where a.hash = :identityHash),
         (select o.id from fundraising.donor o where o.identity_hash = :identityHash)) for update),
     made as (
       insert into fundraising.donor (type, identity_hash, created_at)
       select :type, :identityHash, :now where not exists (select from known)
       on conflict (identity_hash) do nothing returning id, type, person_id)
     select id, type, person_id as "personId", false as "isNew" from known
     union all select id, type, person_id, true from made`,
    { ...donor, now: scope.now() },
  );
  if (tried.rows[0]) return donorIn(tried.rows[0]);
  // Made by another gift since this statement began.
  const found = await scope.db.raw(
    `insert into fundraising.donor (type, identity_hash, created_at)
     values (:type, :identityHash, :now)
     on conflict (identity_hash) do update set identity_hash = excluded.identity_hash
     returning id, type, person_id as "personId", false as "isNew"`,
    { ...donor, now: scope.now() },
  );
  return donorIn(found.rows[0]);
}

function donorIn(row: { id: string; type: string; personId: string | null; isNew: boolean }) {
  return { ...row, personId: row.personId ?? undefined };
}

/** What was typed once leads to the donor from then on. */
export async function insertAliases(
  scope: Scope,
  donorId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await scope.db.raw(
    `insert into fundraising.donor_alias (hash, donor_id)
     select h, :donorId from unnest(cast(:hashes as bytea[])) as h
     where not exists (select from fundraising.donor d where d.identity_hash = h)
     on conflict (hash) do nothing`,
    { donorId, hashes: [...hashes] },
  );
}

/** Who was a stranger is a person of the file by now; answers whether nobody else was that person already. */
export async function nameDonor(scope: Scope, id: string, personId: string): Promise<boolean> {
  const named = await prepared(
    scope.db,
    `update fundraising.donor d set person_id = :personId
     where d.id = :id and d.person_id is null
       and not exists (select from fundraising.donor o where o.person_id = :personId)`,
    { id, personId },
  );
  return named.rowCount > 0;
}

export async function findDonorOf(scope: Scope, personId: string): Promise<string | undefined> {
  const found = await scope.db.raw(
    'select id from fundraising.donor where person_id = :personId for update',
    { personId },
  );
  return found.rows[0]?.id;
}

/** What was one donor's is another's, and whoever is known as the one is known as the other. */
export async function moveDonations(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw(
    'select from fundraising.donor where id in (:from, :into) order by id for update',
    {
      from,
      into,
    },
  );
  await moveLikenesses(scope, from, into);
  await scope.db.raw('update fundraising.donation set donor_id = :into where donor_id = :from', {
    from,
    into,
  });
  await scope.db.raw('update fundraising.donor_alias set donor_id = :into where donor_id = :from', {
    from,
    into,
  });
  const gone = await scope.db.raw(
    'delete from fundraising.donor where id = :from returning identity_hash as hash',
    { from },
  );
  const [row] = gone.rows;
  if (row?.hash) await insertAliases(scope, into, [row.hash]);
}

/** The person is erased: the donor stays for the caps, known by hashes alone. */
export async function forgetPerson(scope: Scope, id: string): Promise<void> {
  await scope.db.raw('update fundraising.donor set person_id = null where id = :id', { id });
}

/** What is taken of a cap already, by gifts that stand or are promised; of the whole party. */
export async function sumTaken(scope: Scope, donorId: string, capScope: string): Promise<number> {
  const found = await prepared(
    scope.db,
    `select coalesce(sum(d.amount_minor - d.refunded_minor), 0) as minor from fundraising.donation d
     where d.donor_id = :donorId and d.cap_scope = :capScope and ${takesRoom('d')}`,
    { donorId, capScope },
  );
  return Number(found.rows[0].minor);
}

/** What the donor gave this recipient: in the year, and in cash since then. */
export async function sumGiven(
  scope: Scope,
  gave: {
    donorId: string;
    recipientId: string;
    year: string;
    cashSince: string;
    cashUntil: string;
  },
): Promise<{ yearMinor: number; cashMinor: number }> {
  const found = await prepared(
    scope.db,
    `select
       coalesce(sum(d.amount_minor - d.refunded_minor)
         filter (where to_char(d.given_on, 'YYYY') = :year), 0) as year,
       coalesce(sum(d.amount_minor - d.refunded_minor)
         filter (where d.method = 'cash' and d.given_on between :cashSince and :cashUntil), 0) as cash
     from fundraising.donation d
     where d.donor_id = :donorId and d.recipient_id = :recipientId and ${takesRoom('d')}
       and ${held(scope, 'd.recipient_id')}`,
    { ...gave, ...heldBy(scope) },
  );
  const [row] = found.rows;
  return { yearMinor: Number(row.year), cashMinor: Number(row.cash) };
}

/** Of a merged donor: scopes in which gifts that stand pass the cap, by how much, with the last gift of each. */
export async function findExcesses(
  scope: Scope,
  donorId: string,
): Promise<{ capScope: string; excessMinor: number; donationId: string; recipientId: string }[]> {
  const found = await scope.db.raw(
    `select distinct on (d.cap_scope) d.cap_scope as "capScope", d.id as "donationId",
       d.recipient_id as "recipientId", s.sum - d.cap_minor as "excessMinor"
     from fundraising.donation d
     join (select o.cap_scope, sum(o.amount_minor - o.refunded_minor) as sum from fundraising.donation o
       where o.donor_id = :donorId and ${takesRoom('o')} group by 1) s
       on s.cap_scope = d.cap_scope
     where d.donor_id = :donorId and d.state = 'accepted' and d.source <> 'history'
       and s.sum > d.cap_minor
     order by d.cap_scope, d.id desc`,
    { donorId },
  );
  return found.rows.map((row: { excessMinor: string }) => ({
    ...row,
    excessMinor: Number(row.excessMinor),
  }));
}
