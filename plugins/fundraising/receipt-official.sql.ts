// Numbers of official forms: which are in the drawer, and which donation each went with.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';

export interface Target {
  /** As it was asked for: the id of a donation, or the label of its receipt. */
  name: string;
  donationId: string;
  state: string;
  donor: string;
  amountMinor: number;
  currency: string;
  /** That it has already. */
  number: string | undefined;
}

/** Donations by their ids or by the labels of their receipts. */
export async function findTargets(
  scope: Scope,
  recipientId: string,
  names: readonly string[],
): Promise<Target[]> {
  const found = await scope.db.raw(
    `select n.name, d.id as "donationId", d.state, d.amount_minor as "amountMinor", d.currency, o.number,
       coalesce(d.identity ->> 'legalName', concat_ws(' ', d.identity ->> 'givenName', d.identity ->> 'familyName'))
         as donor
     from unnest(cast(:names as text[])) as n (name)
     join fundraising.donation d on d.recipient_id = :recipientId and d.id = coalesce(
       (select c.donation_id from fundraising.receipt c where c.recipient_id = :recipientId
          and c.kind = 'receipt' and lower(c.label) = lower(n.name)),
       case when n.name ~ '^[1-9][0-9]{0,17}$' then cast(n.name as bigint) end)
     left join fundraising.official_number o on o.donation_id = d.id
     where ${held(scope, 'd.recipient_id')}`,
    { recipientId, names: [...new Set(names)], ...heldBy(scope) },
  );
  return found.rows.map((row: Target & { amountMinor: string; number: string | null }) => ({
    ...row,
    amountMinor: Number(row.amountMinor),
    number: row.number ?? undefined,
  }));
}

/** Of these numbers, those that are known, and with which donation they went. */
export async function findNumbers(
  scope: Scope,
  recipientId: string,
  numbers: readonly string[],
): Promise<{ number: string; donationId: string | undefined }[]> {
  const found = await scope.db.raw(
    `select o.number, o.donation_id as "donationId" from fundraising.official_number o
     where o.recipient_id = :recipientId and o.number = any (:numbers) and ${held(scope, 'o.recipient_id')}`,
    { recipientId, numbers: [...numbers], ...heldBy(scope) },
  );
  return found.rows.map((row: { number: string; donationId: string | null }) => ({
    number: row.number,
    donationId: row.donationId ?? undefined,
  }));
}

/** Forms as they came from the authority; those that were there stay. Answers how many are new. */
export async function insertForms(
  scope: Scope,
  recipientId: string,
  numbers: readonly string[],
  author: string,
): Promise<number> {
  const made = await scope.db.raw(
    `insert into fundraising.official_number (recipient_id, number, author, imported_at)
     select r.id, n.number, :author, :now
     from fundraising.recipient r, unnest(cast(:numbers as text[])) as n (number)
     where r.id = :recipientId and ${held(scope, 'r.id')}
     on conflict (recipient_id, number) do nothing`,
    { recipientId, numbers: [...numbers], author, now: scope.now(), ...heldBy(scope) },
  );
  return made.rowCount;
}

/** A number goes with one donation, and a donation with one number: who comes too late is left out. Answers how many went. */
export async function assignNumbers(
  scope: Scope,
  recipientId: string,
  pairs: readonly { donationId: string; number: string }[],
  author: string,
): Promise<number> {
  const made = await scope.db.raw(
    `insert into fundraising.official_number as o (recipient_id, number, donation_id, author, imported_at, used_at)
     select r.id, p.number, d.id, :author, :now, :now
     from fundraising.recipient r, jsonb_to_recordset(cast(:pairs as jsonb)) as p (number text, "donationId" bigint)
       join fundraising.donation d on d.id = p."donationId"
     where r.id = :recipientId and d.recipient_id = r.id and d.state = 'accepted' and ${held(scope, 'r.id')}
       and not exists (select from fundraising.official_number t where t.donation_id = d.id)
     on conflict (recipient_id, number) do update set donation_id = excluded.donation_id, used_at = excluded.used_at
       where o.donation_id is null`,
    { recipientId, pairs: JSON.stringify(pairs), author, now: scope.now(), ...heldBy(scope) },
  );
  return made.rowCount;
}

export interface Drawer {
  /** Forms that are known, and of them those that went with a donation. */
  all: number;
  used: number;
  first: string | undefined;
  last: string | undefined;
  /** Accepted donations without an official number. */
  waiting: number;
}

export async function findDrawer(scope: Scope, recipientId: string): Promise<Drawer> {
  const found = await scope.db.raw(
    `select count(*) as "all", count(o.donation_id) as used, min(o.number collate "C") as first,
       max(o.number collate "C") as last, (select count(*) from fundraising.donation d
         where d.recipient_id = :recipientId and d.state = 'accepted' and ${held(scope, 'd.recipient_id')}
           and not exists (select from fundraising.official_number t where t.donation_id = d.id)) as waiting
     from fundraising.official_number o
     where o.recipient_id = :recipientId and ${held(scope, 'o.recipient_id')}`,
    { recipientId, ...heldBy(scope) },
  );
  const [row] = found.rows;
  return {
    ...{ all: Number(row.all), used: Number(row.used), waiting: Number(row.waiting) },
    first: row.first ?? undefined,
    last: row.last ?? undefined,
  };
}

/** Forms that were passed over: unused, and before one that was used. */
export async function findPassedOver(
  scope: Scope,
  recipientId: string,
  most: number,
): Promise<string[]> {
  const found = await scope.db.raw(
    `select o.number from fundraising.official_number o
     where o.recipient_id = :recipientId and o.donation_id is null and ${held(scope, 'o.recipient_id')}
       and exists (select from fundraising.official_number t where t.recipient_id = o.recipient_id
         and t.donation_id is not null and length(t.number) = length(o.number)
         and t.number collate "C" > o.number collate "C")
     order by o.number collate "C" limit :most`,
    { recipientId, most, ...heldBy(scope) },
  );
  return found.rows.map(({ number }: { number: string }) => number);
}
