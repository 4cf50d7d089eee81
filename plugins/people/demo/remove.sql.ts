// Takes invented people out again, set by set, within the caller's transaction.
import type { Db, Scope } from 'rostra/plugin';
import { holdSearch } from './demo.sql.ts';

/** Whom it is about, for the statements below: one temporary table, gone with the transaction. */
export async function gatherInvented(db: Db, ids: readonly string[]): Promise<void> {
  await db.raw('create temporary table invented (id bigint primary key) on commit drop');
  await db.raw('insert into invented select distinct unnest(cast(:ids as bigint[]))', {
    ids: [...ids],
  });
  // Somebody real was merged into one of them: the record is theirs now.
  await db.raw(
    `delete from invented i using people.alias a where a.new_id = i.id
       and not exists (select from invented o where o.id = a.old_id)`,
  );
  await db.raw('analyze invented');
}

/** Of them, those on whom another plugin keeps something that the database would not let go. */
export async function findKnownElsewhere(db: Db): Promise<string[]> {
  const foreign = (await referringTo(db)).filter(({ schema }) => schema !== 'people');
  const known = new Set<string>();
  for (const { schema, table, column } of foreign) {
    const found = await db.raw(
      'select distinct t.?? as id from ??.?? t join invented i on i.id = t.??',
      [column, schema, table, column],
    );
    for (const { id } of found.rows) known.add(id);
  }
  return [...known];
}

interface Reference {
  schema: string;
  table: string;
  column: string;
}

/** From the database's own catalogue, so that a table that is added later is not forgotten. */
async function referringTo(db: Db): Promise<Reference[]> {
  const found = await db.raw(
    `select n.nspname as schema, c.relname as table, a.attname as column
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
     where k.contype = 'f' and k.confrelid = cast('people.person' as regclass)
     order by n.nspname, c.relname`,
  );
  return found.rows;
}

export async function deleteInvented(scope: Scope): Promise<void> {
  const { db } = scope;
  await holdSearch(scope);
  await deleteConsents(db);
  const own = (await referringTo(db)).filter(({ schema }) => schema === 'people');
  for (const { schema, table, column } of own) {
    if (table === 'consent') continue;
    await db.raw('delete from ??.?? t using invented i where i.id = t.??', [schema, table, column]);
  }
  await db.raw('delete from people.alias a using invented i where i.id = a.old_id');
  await db.raw('delete from people.person p using invented i where i.id = p.id');
}

/** Also those that stand for an invented address alone: nobody real has one. */
export async function deleteSuppressions(db: Db): Promise<void> {
  await db.raw(
    `delete from people.suppression s using (
       select 'email' as kind, people.keyed_hash('email', e.address) as hash
       from people.email_address e join invented i on i.id = e.person_id) w
     where s.kind = w.kind and s.hash = w.hash`,
  );
  await db.raw('delete from people.suppression s using invented i where i.id = s.person_id');
}

/** What staff recorded on an invented person to try it is in the chain: it stays, and says nothing of anyone. */
async function deleteConsents(db: Db): Promise<void> {
  await db.raw(
    `delete from people.consent_detail d using people.consent c
     where c.id = d.consent_id and (c.invented or c.person_id in (select id from invented))`,
  );
  await db.raw('delete from people.consent where invented');
  await db.raw(
    'update people.consent c set person_id = null from invented i where i.id = c.person_id',
  );
}

/** What somebody real has come to use stays. */
export async function deleteLabels(
  scope: Scope,
  { tags, newsletters }: { tags: readonly string[]; newsletters: readonly string[] },
): Promise<void> {
  await scope.db.raw(
    `delete from people.tag t where t.id = any (cast(:tags as bigint[]))
       and not exists (select from people.tagging g where g.tag_id = t.id)`,
    { tags: [...tags] },
  );
  await scope.db.raw(
    `delete from people.newsletter n where n.id = any (cast(:newsletters as bigint[]))
       and not exists (select from people.subscription s where s.newsletter_id = n.id)`,
    { newsletters: [...newsletters] },
  );
}
