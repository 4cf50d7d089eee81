// Everything that is kept on one person: read, deleted, moved to another.
import type { Db, Scope } from 'rostra/plugin';
import { lockPerson } from './person.sql.ts';
import { clearLost, mergeOrigins, ownOrigins } from './provenance.sql.ts';

/** Tables with a person_id, in the order in which they can be emptied. */
const own = [
  'provenance',
  'subscription',
  'import_person',
  'external_id',
  'consent_claim',
  'history',
  'timeline',
  'note',
  'tagging',
  'expiry',
  'notice',
  'relation',
  'affiliation',
  'postal_address',
  'phone_number',
  'email_address',
] as const;

const theirWays = `select address from people.email_address where person_id = :id
  union all select number from people.phone_number where person_id = :id`;
const isTheirs = `r.person_id = :id or r.emails && array(
  select address from people.email_address where person_id = :id)`;

/** Written out, since rows go to the person as they are. */
const readable: Record<string, string> = {
  person: `select given_name, family_name, birth_date, locale, source, created_at, changed_at
    from people.person where id = :id and erased_at is null`,
  provenance: ownOrigins.replaceAll(':personId', ':id'),
  alias: 'select old_id, at from people.alias where new_id = :id',
  email_address:
    'select address, status, is_primary, created_at, returned_at, returned_why, put_off from people.email_address where person_id = :id',
  phone_number:
    'select number, status, line, created_at, returned_at, returned_why from people.phone_number where person_id = :id',
  postal_address: `select line1, line2, postcode, locality, region, country, created_at
    from people.postal_address where person_id = :id`,
  affiliation: `select o.name as organization, a.since from people.affiliation a
    join core.organization o on o.id = a.organization_id where a.person_id = :id`,
  relation: 'select kind, since, until from people.relation where person_id = :id order by since',
  expiry: 'select rule, goes_on, warned_at from people.expiry where person_id = :id',
  notice: 'select due_on, told_at, how from people.notice where person_id = :id',
  tagging: `select t.name as tag, g.at from people.tagging g join people.tag t on t.id = g.tag_id
    where g.person_id = :id`,
  note: 'select text, by_name, at from people.note where person_id = :id order by at',
  timeline: 'select kind, params, at from people.timeline where person_id = :id order by at',
  history: 'select field, before, after, at from people.history where person_id = :id order by at',
  consent: `select c.channel, c.purpose, c.given, c.locale, c.source, c.at, o.name as organization
    from people.consent c join core.organization o on o.id = c.organization_id where c.person_id = :id order by c.id`,
  consent_detail: `select d.wording, d.evidence from people.consent_detail d
    join people.consent c on c.id = d.consent_id where c.person_id = :id order by c.id`,
  suppression: 'select kind, reason, at from people.suppression where person_id = :id',
  subscription: `select n.name as newsletter, s.since, s.until from people.subscription s
    join people.newsletter n on n.id = s.newsletter_id where s.person_id = :id`,
  import_person: `select i.file_name, i.origin, i.created_at from people.import_person m
    join people.import i on i.id = m.import_id where m.person_id = :id`,
  external_id: 'select system, value, at from people.external_id where person_id = :id',
  consent_claim: `select c.channel, c.at, i.file_name, i.origin from people.consent_claim c
    join people.import i on i.id = c.import_id where c.person_id = :id`,
  import_ready: `select * from people.import_ready r where ${isTheirs}`,
  import_stop: `select s.kind, s.address, s.reason from people.import_stop s
    where s.address in (${theirWays})`,
  import_staging: `select s.line, s.cells from people.import_staging s where ${holdsAddress('s')}`,
  import_row_refused: `select s.line, s.cells from people.import_row_refused s where ${holdsAddress('s')}`,
};

export async function* findSubject(
  scope: Scope,
  id: string,
): AsyncIterable<{ table: string; row: Record<string, unknown> }> {
  for (const [table, sql] of Object.entries(readable)) {
    const found = await scope.db.raw(sql, { id });
    for (const row of found.rows) yield { table: `people.${table}`, row };
  }
}

/** A file's row is the person's when one of its cells is an address of theirs. */
function holdsAddress(row: string): string {
  return `exists (select from people.email_address e where e.person_id = :id
    and e.address in (select lower(btrim(cell)) from unnest(${row}.cells) as cells (cell)))`;
}

/** The chain stays; what it said of the person goes. The addresses stay as keyed hashes if they were suppressed. */
export async function eraseSubject(scope: Scope, id: string): Promise<void> {
  const { db } = scope;
  await lockPerson(scope, id);
  for (const table of ['import_staging', 'import_row_refused']) {
    await db.raw(`delete from people.${table} s where ${holdsAddress('s')}`, { id });
  }
  await db.raw(`delete from people.import_ready r where ${isTheirs}`, { id });
  await db.raw(`delete from people.import_stop s where s.address in (${theirWays})`, { id });
  await db.raw(
    `delete from people.consent_detail d using people.consent c where c.id = d.consent_id and c.person_id = :id`,
    { id },
  );
  await db.raw('update people.consent set person_id = null where person_id = :id', { id });
  await db.raw('update people.suppression set person_id = null where person_id = :id', { id });
  for (const table of own)
    await db.raw(`delete from people.${table} where person_id = :id`, { id });
  await db.raw('delete from people.alias where new_id = :id', { id });
  await db.raw(
    `update people.person set key = null, given_name = null, family_name = null, birth_date = null,
       locale = null, source = '', sort_name = '', search = '', created_at = :now, changed_at = :now,
       erased_at = :now
     where id = :id and erased_at is null`,
    { id, now: scope.now() },
  );
}

const moved = [
  'postal_address',
  'note',
  'timeline',
  'history',
  'consent',
  'suppression',
  'external_id',
];

/** What was `from`'s is `into`'s; of two that cannot both stand, the survivor's stays. */
export async function mergeSubject(scope: Scope, from: string, into: string): Promise<void> {
  const { db } = scope;
  const ids = { from, into, now: scope.now() };
  await mergeOrigins(db, from, into);
  await moveUnique(db, ids);
  for (const table of moved) {
    await db.raw(`update people.${table} set person_id = :into where person_id = :from`, ids);
  }
  await db.raw('update people.email_address set is_primary = false where person_id = :from', ids);
  await db.raw('update people.email_address set person_id = :into where person_id = :from', ids);
  await db.raw(
    `update people.relation set until = greatest(since, cast(:now as timestamptz)::date)
     where person_id = :from and until is null
       and exists (select from people.relation r where r.person_id = :into and r.until is null)`,
    ids,
  );
  await db.raw('update people.relation set person_id = :into where person_id = :from', ids);
  await mergeNames(db, ids);
  await clearLost(db, into);
  await db.raw('delete from people.expiry where person_id = :from', ids);
  await mergeNotices(db, ids);
  await db.raw('update people.alias set new_id = :into where new_id = :from', ids);
  await db.raw('insert into people.alias (old_id, new_id, at) values (:from, :into, :now)', ids);
  await db.raw('select people.refresh(array[cast(:into as bigint)])', ids);
}

interface MergeIds {
  [name: string]: string | Date;
}

/** Rows of which a person has one each: moved where the survivor has none, else dropped. */
async function moveUnique(db: Db, ids: MergeIds): Promise<void> {
  const unique = {
    tagging: 'tag_id',
    affiliation: 'organization_id',
    import_person: 'import_id',
    phone_number: 'number',
    consent_claim: 'organization_id, channel',
  };
  for (const [table, key] of Object.entries(unique)) {
    await db.raw(
      `delete from people.${table} where person_id = :from and (${key}) in (
         select ${key} from people.${table} where person_id = :into)`,
      ids,
    );
    await db.raw(`update people.${table} set person_id = :into where person_id = :from`, ids);
  }
  await mergeSubscriptions(db, ids);
}

async function mergeSubscriptions(db: Db, ids: MergeIds): Promise<void> {
  // Whose last word on a newsletter was to leave it does not come back by the other record.
  await db.raw(
    `update people.subscription a set until = :now
     where a.person_id in (:from, :into) and a.until is null and exists (
       select from people.subscription b where b.person_id in (:from, :into) and b.person_id <> a.person_id
         and b.newsletter_id = a.newsletter_id and b.until is not null
         and not exists (select from people.subscription c where c.person_id = b.person_id
           and c.newsletter_id = b.newsletter_id and c.until is null))`,
    ids,
  );
  await db.raw(
    `delete from people.subscription a where a.person_id = :from and a.until is null and exists (
       select from people.subscription b where b.person_id = :into and b.until is null
         and b.newsletter_id = a.newsletter_id)`,
    ids,
  );
  await db.raw('update people.subscription set person_id = :into where person_id = :from', ids);
}

/** Who was told of one list was not told of the other: the day that comes first, until both were. */
async function mergeNotices(db: Db, ids: MergeIds): Promise<void> {
  await db.raw(
    `insert into people.notice as x (person_id, due_on, told_at, how)
     select :into, due_on, told_at, how from people.notice where person_id = :from
     on conflict (person_id) do update set due_on = least(x.due_on, excluded.due_on),
       told_at = case when x.told_at is not null then excluded.told_at end,
       how = case when x.told_at is not null then excluded.how end`,
    ids,
  );
  await db.raw('delete from people.notice where person_id = :from', ids);
}

async function mergeNames(db: Db, ids: MergeIds): Promise<void> {
  await db.raw(
    `update people.person p set given_name = coalesce(p.given_name, o.given_name),
       family_name = coalesce(p.family_name, o.family_name), birth_date = coalesce(p.birth_date, o.birth_date),
       locale = coalesce(p.locale, o.locale), version = p.version + 1, changed_at = :now
     from people.person o where p.id = :into and o.id = :from`,
    ids,
  );
  await db.raw(
    `update people.person set key = null, given_name = null, family_name = null, birth_date = null,
       locale = null, search = '', sort_name = '', changed_at = :now, erased_at = :now where id = :from`,
    ids,
  );
}

/**
 * Channels on which the two said different things: the withdrawal wins, whoever said it and when; also where one
 * spoke to the party and the other to a chapter, for the lower of both.
 */
export async function findConflicts(
  scope: Scope,
  from: string,
  into: string,
): Promise<{ channel: string; purpose: string; organizationId: string }[]> {
  const found = await scope.db.raw(
    `with last as (
       select distinct on (person_id, organization_id, channel, purpose)
         person_id, organization_id, channel, purpose, given
       from people.consent where person_id in (:from, :into)
       order by person_id, organization_id, channel, purpose, id desc)
     select distinct yes.channel, yes.purpose,
       case when yours.path @> theirs.path then theirs.id else yours.id end as "organizationId"
     from last yes
     join last no on no.channel = yes.channel and no.purpose = yes.purpose and not no.given
       and no.person_id <> yes.person_id
     join core.organization yours on yours.id = yes.organization_id
     join core.organization theirs on theirs.id = no.organization_id
       and (theirs.path @> yours.path or yours.path @> theirs.path)
     where yes.given`,
    { from, into },
  );
  return found.rows;
}

/** What its time has come: staged files after a day, refused rows and imports' people after a month. */
export async function deleteOutdated(
  scope: Scope,
  { day, month, years }: { day: Date; month: Date; years: Date },
): Promise<number> {
  const staged = await scope.db.raw(
    `with old as (
       select id from people.import where created_at < :day and state not in ('running', 'checking')),
     late as (
       update people.import set state = 'failed', fault = 'people.import.fault.expired', ended_at = :now
       where id in (select id from old) and state in ('staged', 'checked')),
     ready as (delete from people.import_ready where import_id in (select id from old)),
     stops as (delete from people.import_stop where import_id in (select id from old))
     delete from people.import_staging where import_id in (select id from old)`,
    { day, now: scope.now() },
  );
  const refusedRows = await scope.db.raw(
    `delete from people.import_row_refused r using people.import i
     where i.id = r.import_id and i.created_at < :month`,
    { month },
  );
  const lines = await scope.db.raw('delete from people.timeline where at < :years', { years });
  const changes = await scope.db.raw('delete from people.history where at < :years', { years });
  return [staged, refusedRows, lines, changes].reduce((sum, one) => sum + (one.rowCount ?? 0), 0);
}
