// Tags and who has them.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import { kindOf, noted, referenceOf } from './provenance.sql.ts';

export interface TagRow {
  id: string;
  name: string;
}

export async function findTags(scope: Scope): Promise<TagRow[]> {
  const found = await scope.db.raw('select id, name from people.tag order by core.fold(name)');
  return found.rows;
}

export async function findTag(scope: Scope, id: string): Promise<TagRow | undefined> {
  if (!isId(id)) return undefined;
  const found = await scope.db.raw('select id, name from people.tag where id = :id', { id });
  return found.rows[0];
}

/** Of a chapter, so many people show what most of it has; only tags that none of them has are looked for one by one. */
const glance = 300;

/** Those in use where the scope looks. */
export async function findUsedTags(scope: Scope, most: number): Promise<TagRow[]> {
  const isUsed = (rows: string) => `exists (select from ${rows} and g.tag_id = t.id offset 0)`;
  const here = 'people.seen_tagging g where g.seen_by = any (cast(:bound as bigint[]))';
  const ofChapter = `with few as materialized (
      select a.organization_id, a.person_id from people.affiliation a
      where a.organization_id = any (cast(:bound as bigint[])) limit ${glance}),
    met as materialized (
      select distinct g.tag_id from few cross join lateral (
        select g.tag_id from people.seen_tagging g
        where g.seen_by = few.organization_id and g.person_id = few.person_id offset 0) g)
    select t.id, t.name from people.tag t where t.id in (select tag_id from met)
      or ((select count(*) from few) = ${glance} and ${isUsed(here)})`;
  const ofAll = `select t.id, t.name from people.tag t where ${isUsed('people.tagging g where true')}`;
  const found = await scope.db.raw(
    `${scope.bound ? ofChapter : ofAll} order by core.fold(t.name) limit :most`,
    { ...bounds(scope), most },
  );
  return found.rows;
}

export async function hasTag(scope: Scope, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const found = await scope.db.raw(
    `select exists (select from people.tagging g where g.tag_id = :id and ${seen(scope, 'g.person_id')}) as "isUsed"`,
    { ...bounds(scope), id },
  );
  return found.rows[0].isUsed;
}

/** Those in use where the scope looks, with how many people it sees have each. */
export async function findCountedTags(
  scope: Scope,
  most: number,
): Promise<(TagRow & { people: number })[]> {
  const counted = scope.bound
    ? `select g.tag_id, count(distinct g.person_id) as people from people.seen_tagging g
       where g.seen_by = any (cast(:bound as bigint[])) group by g.tag_id`
    : 'select g.tag_id, count(*) as people from people.tagging g group by g.tag_id';
  const found = await scope.db.raw(
    `select t.id, t.name, c.people::int as people from (${counted}) c join people.tag t on t.id = c.tag_id
     order by core.fold(t.name) limit :most`,
    { ...bounds(scope), most },
  );
  return found.rows;
}

/** Finds those that there are, whatever their capitals and accents, and makes the others. */
export async function upsertTags(scope: Scope, names: readonly string[]): Promise<TagRow[]> {
  const values = { names: [...new Set(names)], now: scope.now() };
  await scope.db.raw(
    `insert into people.tag (name, created_at)
     select name, :now from unnest(cast(:names as text[])) as wanted (name) order by name
     on conflict (core.fold(name)) do nothing`,
    values,
  );
  const found = await scope.db.raw(
    `select id, name from people.tag
     where core.fold(name) in (select core.fold(name) from unnest(cast(:names as text[])) as wanted (name))`,
    values,
  );
  return found.rows;
}

/** Answers how many people have it now who had not. */
export async function insertTaggings(
  scope: Scope,
  tagIds: readonly string[],
  personIds: readonly string[],
): Promise<number> {
  const account = scope.actor.kind === 'staff' ? scope.actor.accountId : null;
  const found = await scope.db.raw(
    `insert into people.tagging (tag_id, person_id, by_account, at)
     select t.id, p.id, :account, :now
     from unnest(cast(:tagIds as bigint[])) as t (id) cross join people.person p
     where p.id = any (cast(:personIds as bigint[])) and p.erased_at is null and ${seen(scope, 'p.id')}
     order by t.id, p.id
     on conflict do nothing`,
    {
      ...bounds(scope),
      account,
      tagIds: [...tagIds],
      personIds: [...personIds],
    },
  );
  return found.rowCount ?? 0;
}

/** It is no hand of staff's any more: the person said so. */
export async function clearHand(scope: Scope, tagId: string, personId: string): Promise<number> {
  const found = await scope.db.raw(
    `update people.tagging g set by_account = null
     where g.tag_id = :tagId and g.person_id = :personId and ${seen(scope, 'g.person_id')}`,
    { ...bounds(scope), tagId, personId },
  );
  return found.rowCount ?? 0;
}

/** Many people, each with tags of their own, and the word of who brings them. */
export async function insertTaggingPairs(
  scope: Scope,
  pairs: readonly { tag: string; personId: string; source: string }[],
): Promise<void> {
  await scope.db.raw(
    `with r as (
       select distinct on (t.id, pair."personId") t.id as tag_id, pair."personId" as person_id, pair.source
       from jsonb_to_recordset(cast(:pairs as jsonb)) as pair (tag text, "personId" bigint, source text)
       join people.tag t on core.fold(t.name) = core.fold(pair.tag) order by 1, 2),
     added as (
       insert into people.tagging (tag_id, person_id, at)
       select tag_id, person_id, cast(:now as timestamptz) from r order by 1, 2
       on conflict do nothing returning tag_id, person_id)
     ${noted(`
       select added.person_id, 'tag', added.tag_id, ${kindOf('r.source')}, ${referenceOf('r.source')},
         cast(:now as timestamptz)
       from added join r using (tag_id, person_id) join people.person p on p.id = added.person_id
       where (p.source, p.created_at) is distinct from (r.source, cast(:now as timestamptz))`)}`,
    { pairs: JSON.stringify(pairs), now: scope.now() },
  );
}

export async function deleteTagging(
  scope: Scope,
  tagId: string,
  personId: string,
): Promise<number> {
  if (!isId(tagId) || !isId(personId)) return 0;
  const found = await scope.db.raw(
    `delete from people.tagging g where g.tag_id = :tagId and g.person_id = :personId
       and ${seen(scope, 'g.person_id')}`,
    { ...bounds(scope), tagId, personId },
  );
  return found.rowCount ?? 0;
}
