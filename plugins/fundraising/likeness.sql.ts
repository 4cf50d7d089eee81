// Donors who look like one person: sought among all gifts of the party, asked about where they are over a cap together.
import type { Scope } from 'rostra/plugin';
import type { Identity } from './identity.ts';
import { held, heldBy } from './office.sql.ts';
import { takesRoom } from './room.sql.ts';

export type Likeness = 'birth_date' | 'address' | 'payer';

/** Another donor with a gift under one of the names. */
export interface Namesake {
  donorId: string;
  personId: string | undefined;
  /** One of their gifts tells the same postcode. */
  isNeighbour: boolean;
}

const most = 20;

/** `names`: family name first, each way in which the name may have been written. Of the whole party, as a cap is. */
export async function findNamesakes(
  scope: Scope,
  sought: { donorId: string; names: readonly string[]; postcode: string; country: string },
): Promise<Namesake[]> {
  const found = await scope.db.raw(
    `select n.id as "donorId", g.person_id as "personId", n.is_neighbour as "isNeighbour"
     from (
       select d.donor_id as id,
         coalesce(bool_or(:postcode <> '' and :postcode = lower(replace(d.identity #>> '{address,postcode}', ' ', ''))
           and :country = coalesce(d.identity #>> '{address,country}', '')), false) as is_neighbour
       from fundraising.donation d
       where d.recipient_id = any (array(select r.id from fundraising.recipient r))
         and fundraising.donor_name(d.identity) = any (array(
           select core.fold(name) from unnest(cast(:names as text[])) as name))
         and d.identity <> '{}' and ${takesRoom('d')} and d.donor_id <> :donorId
       group by 1 order by 2 desc, 1 desc limit :most) n
     join fundraising.donor g on g.id = n.id and g.type = 'natural_person'
     order by n.is_neighbour desc, n.id desc`,
    { ...sought, names: [...sought.names], most },
  );
  return found.rows.map((row: { personId: string | null }) => ({
    ...row,
    personId: row.personId ?? undefined,
  }));
}

/** Who is known by that hash, the donor themself left out. */
export async function findAliasOwner(
  scope: Scope,
  hash: Buffer,
  donorId: string,
): Promise<string | undefined> {
  const found = await scope.db.raw(
    `select a.donor_id as id from fundraising.donor_alias a
     where a.hash = :hash and a.donor_id <> :donorId`,
    { hash, donorId },
  );
  return found.rows[0]?.id;
}

export interface Alike {
  recipientId: string;
  donorId: string;
  capScope: string;
  capMinor: number;
  /** Ids of the others, each with the reason. */
  others: ReadonlyMap<string, Likeness>;
}

/**
 * Once a pair, and none of those who were told apart; only where all of them are over the cap together. Who gave last comes
 * first, so that those who look like them are added up.
 */
export async function raiseLikenesses(
  scope: Scope,
  { others, ...alike }: Alike,
): Promise<{ otherId: string }[]> {
  const raised = await scope.db.raw(
    `with alike as (
       select o.id, o.why from unnest(cast(:ids as bigint[]), cast(:whys as text[])) as o (id, why)
       where not exists (select from fundraising.likeness l where l.told_apart_at is not null
         and least(l.donor_id, l.other_id) = least(o.id, cast(:donorId as bigint))
         and greatest(l.donor_id, l.other_id) = greatest(o.id, cast(:donorId as bigint))))
     insert into fundraising.likeness (recipient_id, donor_id, other_id, why, cap_scope, cap_minor, raised_at)
     select :recipientId, :donorId, a.id, a.why, :capScope, :capMinor, :now from alike a
     where exists (select from fundraising.donation d
         where d.donor_id = a.id and d.cap_scope = :capScope and ${takesRoom('d')})
       and cast(:capMinor as bigint) < (
         select coalesce(sum(d.amount_minor - d.refunded_minor), 0) from fundraising.donation d
         where d.cap_scope = :capScope and ${takesRoom('d')}
           and (d.donor_id = :donorId or d.donor_id in (select id from alike)))
     on conflict (least(donor_id, other_id), greatest(donor_id, other_id)) do update
       set donor_id = excluded.donor_id, other_id = excluded.other_id, recipient_id = excluded.recipient_id,
         cap_scope = excluded.cap_scope, cap_minor = excluded.cap_minor
       where likeness.told_apart_at is null
     returning other_id as "otherId"`,
    {
      ...{ ...alike, now: scope.now() },
      ...{ ids: [...others.keys()], whys: [...others.values()] },
    },
  );
  return raised.rows;
}

/** What the donor of a question and all who look like them gave under its cap, for a row `l`; it waits where that is more. */
const together = `(select coalesce(sum(x.amount_minor - x.refunded_minor), 0) from fundraising.donation x
  where x.cap_scope = l.cap_scope and ${takesRoom('x')} and (x.donor_id = l.donor_id or x.donor_id in (
    select o.other_id from fundraising.likeness o
    where o.donor_id = l.donor_id and o.cap_scope = l.cap_scope and o.told_apart_at is null)))`;
export const likenessWaits = `l.told_apart_at is null and ${together} > l.cap_minor`;
export const likenessOver = `${together} - l.cap_minor`;

export interface AlikeDonor {
  personId: string | undefined;
  /** Of their last gift to a recipient whose office the reader holds; `undefined` where there is none. */
  donationId: string | undefined;
  recipientId: string | undefined;
  identity: Identity;
  /** Under the cap, to all recipients that share it. */
  givenMinor: number;
}
export interface LikenessTask {
  id: string;
  why: Likeness;
  capMinor: number;
  togetherMinor: number;
  donors: [AlikeDonor, AlikeDonor];
}

const donorOf = (scope: Scope, column: string): string => `(select jsonb_build_object(
    'personId', g.person_id::text, 'donationId', d.id::text, 'recipientId', d.recipient_id::text, 'identity', coalesce(d.identity, '{}'),
    'givenMinor', (select coalesce(sum(x.amount_minor - x.refunded_minor), 0) from fundraising.donation x
      where x.donor_id = g.id and x.cap_scope = l.cap_scope and ${takesRoom('x')}))
  from fundraising.donor g left join lateral (
    select d.id, d.recipient_id, d.identity from fundraising.donation d
    where d.donor_id = g.id and d.cap_scope = l.cap_scope and ${takesRoom('d')} and ${held(scope, 'd.recipient_id')}
    order by d.id desc limit 1) d on true
  where g.id = ${column})`;

/** Those of the recipient that wait, the newest first. */
export async function findLikenesses(
  scope: Scope,
  recipientId: string,
  { id }: { id?: string } = {},
): Promise<LikenessTask[]> {
  const found = await scope.db.raw(
    `select l.id, l.why, l.cap_minor as "capMinor", ${together} as "togetherMinor",
       ${donorOf(scope, 'l.donor_id')} as one, ${donorOf(scope, 'l.other_id')} as other
     from fundraising.likeness l
     where l.recipient_id = :recipientId and (cast(:id as bigint) is null or l.id = :id)
       and ${likenessWaits} and ${held(scope, 'l.recipient_id')}
     order by l.id desc limit :most`,
    { recipientId, id: id ?? null, most, ...heldBy(scope) },
  );
  return found.rows.map(({ one, other, capMinor, togetherMinor, ...row }: TaskRow) => ({
    ...row,
    ...{ capMinor: Number(capMinor), togetherMinor: Number(togetherMinor) },
    donors: [plain(one), plain(other)],
  }));
}

interface TaskRow {
  id: string;
  why: Likeness;
  capMinor: string;
  togetherMinor: string;
  one: Told;
  other: Told;
}
type Told = { [K in keyof AlikeDonor]: AlikeDonor[K] | null };

function plain({ personId, donationId, recipientId, identity, givenMinor }: Told): AlikeDonor {
  return {
    personId: personId ?? undefined,
    ...{ donationId: donationId ?? undefined, recipientId: recipientId ?? undefined },
    ...{ identity: identity ?? {}, givenMinor: Number(givenMinor) },
  };
}

/** Two persons, for good. Answers whether it was open. */
export async function tellApart(scope: Scope, id: string, author: string): Promise<boolean> {
  const told = await scope.db.raw(
    `update fundraising.likeness l set told_apart_at = :now, author = :author
     where l.id = :id and l.told_apart_at is null and ${held(scope, 'l.recipient_id')}`,
    { id, author, now: scope.now(), ...heldBy(scope) },
  );
  return told.rowCount > 0;
}

/** What was asked about a person, without whom they look like; for the person's own rights. */
export async function findLikenessesOf(
  scope: Scope,
  personId: string,
): Promise<{ why: Likeness; raisedAt: Date; toldApartAt: Date | null }[]> {
  const found = await scope.db.raw(
    `select l.why, l.raised_at as "raisedAt", l.told_apart_at as "toldApartAt"
     from fundraising.likeness l join fundraising.donor g on g.id in (l.donor_id, l.other_id)
     where g.person_id = :personId order by l.id`,
    { personId },
  );
  return found.rows;
}

/** Before one donor goes into another: what was asked of the pair is answered, the rest is asked of the one who stays. */
export async function moveLikenesses(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw(
    `delete from fundraising.likeness l where :from in (l.donor_id, l.other_id)
       and exists (select from (select case when l.donor_id = :from then l.other_id else l.donor_id end as id) o
         where o.id = :into or exists (select from fundraising.likeness k
           where least(k.donor_id, k.other_id) = least(o.id, cast(:into as bigint))
             and greatest(k.donor_id, k.other_id) = greatest(o.id, cast(:into as bigint))))`,
    { from, into },
  );
  await scope.db.raw(
    `update fundraising.likeness set
       donor_id = case when donor_id = :from then cast(:into as bigint) else donor_id end,
       other_id = case when other_id = :from then cast(:into as bigint) else other_id end
     where :from in (donor_id, other_id)`,
    { from, into },
  );
}
