// Takes the pages of an invented party out again.
import type { Scope } from 'rostra/plugin';

/** Everything of these organizations, and of the party's own site these pages; one with a real page below it stays. */
export async function deletePagesOf(
  { db }: Scope,
  organizations: readonly string[],
  pages: readonly string[],
): Promise<void> {
  const ids = { organizations: [...organizations], pages: [...pages] };
  const theirs = 'organization_id = any (cast(:organizations as bigint[]))';
  await db.raw(`delete from website.submission where ${theirs}`, ids);
  await db.raw(`delete from website.tracked where ${theirs}`, ids);
  await db.raw(`delete from website.redirect where ${theirs}`, ids);
  await db.raw(
    `with recursive staying as (
       select parent_id as id from website.page
         where not (${theirs} or id = any (cast(:pages as bigint[]))) and parent_id is not null
       union
       select p.parent_id from website.page p join staying s on s.id = p.id where p.parent_id is not null)
     delete from website.page p where (p.${theirs} or p.id = any (cast(:pages as bigint[])))
       and p.id not in (select id from staying)`,
    ids,
  );
  await db.raw(`delete from website.image where ${theirs}`, ids);
}
