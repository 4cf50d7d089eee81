// The list of people: search, filters and pages by key, quick with hundreds of thousands of them.
import type { Scope } from 'rostra/plugin';
import {
  bindingsOf,
  conditionsOf,
  countedOf,
  type ListFilters,
  ownOf,
  peopleOf,
  reachableOf,
} from './list-filter.ts';

export type { ListFilters } from './list-filter.ts';

export interface Page {
  after?: Cursor;
  before?: Cursor;
  size: number;
}
export interface Cursor {
  key: string;
  id: string;
}
export interface ListRow {
  id: string;
  givenName: string | null;
  familyName: string | null;
  emailAddress: string | null;
  phoneNumber: string | null;
  relation: string | null;
  tags: string[];
  createdAt: Date;
  cursor: string;
  /** How many fit in all, as far as they are counted: `countedOf` and one more for "more than that". */
  found: number;
}

const orders = {
  name: { column: 'sort_name', type: 'text', direction: 'asc' },
  newest: { column: 'created_at', type: 'timestamptz', direction: 'desc' },
} as const;

export async function findListPage(
  scope: Scope,
  filters: ListFilters,
  page: Page,
): Promise<ListRow[]> {
  const order = orderOf(filters);
  const isBack = page.before !== undefined;
  const cursor = [page.before ?? page.after].find((one) => one && fits(order.type, one.key));
  const isUp = (order.direction === 'asc') !== isBack;
  const direction = isUp ? 'asc' : 'desc';
  const sorted = `order by p.${order.column} ${direction}, p.id ${direction}`;
  const beyond = cursor
    ? `and (p.${order.column}, p.id) ${isUp ? '>' : '<'} (cast(:key as ${order.type}), cast(:id as bigint))`
    : '';
  const few = await scope.db.raw(await fewFrom(scope, filters), {
    ...bindingsOf(scope, filters),
    most: countedOf(filters) + 1,
  });
  const ids: string[] = few.rows.map(({ id }: { id: string }) => id);
  const isFew = ids.length <= countedOf(filters);
  const pageOf = isFew
    ? ofFew(scope, order.column)
    : ofWalk(scope, filters, order.column, `${beyond} ${sorted}`);
  const found = await scope.db.raw(
    `with page as materialized (${pageOf} ${beyond} ${sorted} limit :size)
     select p.id, o.given_name as "givenName", o.family_name as "familyName", o.created_at as "createdAt",
       p.sorted::text as cursor, cast(:found as int) as found,
       (select address from people.email_address e where e.person_id = p.id
         order by is_primary desc, e.id limit 1) as "emailAddress",
       (select number from people.phone_number n where n.person_id = p.id order by n.id limit 1) as "phoneNumber",
       (select kind from people.relation r where r.person_id = p.id and r.until is null) as relation,
       array(select t.name from people.tagging g join people.tag t on t.id = g.tag_id
         where g.person_id = p.id order by t.name) as tags
     from page p join people.person o on o.id = p.id order by p.sorted ${direction}, p.id ${direction}`,
    {
      ...bindingsOf(scope, filters),
      ...{ key: cursor?.key ?? null, id: cursor?.id ?? null, size: page.size },
      ...{ ids: isFew ? ids : [], found: ids.length },
    },
  );
  return isBack ? found.rows.reverse() : found.rows;
}

/** Counts no further than `most`: past it the exact number is nobody's business on a screen. */
export async function countList(scope: Scope, filters: ListFilters, most: number): Promise<number> {
  const found = await scope.db.raw(
    `select count(*)::int as count from (${await fewFrom(scope, filters)}) counted`,
    { ...bindingsOf(scope, filters), most },
  );
  return found.rows[0].count;
}

/** Ids for a deed on all that the filters show, in batches by id. */
export async function findListIds(
  scope: Scope,
  filters: ListFilters,
  after: string,
  most: number,
): Promise<string[]> {
  const where = conditionsOf(scope, filters).map(({ holds }) => holds);
  const found = await scope.db.raw(
    `${reachableOf(
      filters,
      `select p.id from ${peopleOf(scope)} p
       where ${['p.erased_at is null', ...where, 'p.id > :after'].join(' and ')} order by p.id`,
    )} limit :most`,
    { ...bindingsOf(scope, filters), after, most },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** A cursor comes in from the address, perhaps of the list in another order: PostgreSQL must be able to read it. */
function fits(type: 'text' | 'timestamptz', key: string): boolean {
  if (type === 'text') return !key.includes('\0');
  return (
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*[+-]\d\d(:\d\d)?$/.test(key) && isDay(key.slice(0, 10))
  );
}

/** JavaScript takes the 30th of February for the first of March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function orderOf(filters: ListFilters): (typeof orders)[keyof typeof orders] {
  return filters.sort === 'newest' ? orders.newest : orders.name;
}

/** Ids of at most `:most` who fit, in whatever order they are met. */
async function fewFrom(scope: Scope, filters: ListFilters): Promise<string> {
  if (filters.q && scope.bound?.length === 1 && (await isCommon(scope, filters))) {
    return `${ofOwnPeople(scope, filters)} limit :most`;
  }
  return fewOf(scope, filters);
}

/** So many of a chapter's people are looked at first, and so many of them must fit, for all to be gone through. */
const glance = 300;
const commonFrom = 45;

/** Whether a word is one that many people of the chapter have, such as the domain of a large provider of mail. */
async function isCommon(scope: Scope, filters: ListFilters): Promise<boolean> {
  const found = await scope.db.raw(
    `select count(*)::int as count from (${ofOwnPeople(scope, filters, `limit ${glance}`)}) one`,
    bindingsOf(scope, filters),
  );
  return found.rows[0].count >= commonFrom;
}

/** One by one through a chapter: the search index would first gather whoever has the word in the whole party. */
function ofOwnPeople(scope: Scope, filters: ListFilters, most = ''): string {
  return `select p.id from (
      select a.person_id from ${ownOf(scope)} ${most}) a
    cross join lateral (
      select p.id from ${peopleOf(scope)} p
      where p.id = a.person_id and p.erased_at is null and ${walked(scope, filters)} offset 0) p`;
}

/** Of the index that knows of the first filter, in whatever order it has them. */
function fewOf(scope: Scope, filters: ListFilters): string {
  const [first, ...rest] = conditionsOf(scope, filters);
  const from = first?.source ?? `${peopleOf(scope)} p where p.erased_at is null`;
  const where = rest.map(({ holds }) => ` and ${holds}`).join('');
  return `${reachableOf(filters, `select p.id from ${from}${where}`)} limit :most`;
}

/**
 * One by one: the planner fears to look up thousands, and would read everybody. The ids come in from the first question,
 * since in one the planner would take as long again over the way that is not gone.
 */
function ofFew(scope: Scope, column: string): string {
  return `select p.id, p.${column} as sorted from unnest(cast(:ids as bigint[])) as few (id) cross join lateral (
    select o.id, o.${column} from ${peopleOf(scope)} o
    where o.id = few.id and o.erased_at is null offset 0) p where true`;
}

/** A page of names by the index ("offset 0"), else it has all people read. */
function ofWalk(scope: Scope, filters: ListFilters, column: string, inOrder: string): string {
  return `select p.id, p.${column} as sorted from (
    select * from ${peopleOf(scope)} p where p.erased_at is null ${inOrder} offset 0) p
    where ${walked(scope, filters)}`;
}

/** The same asked of each person in turn, as one walks along the names. */
function walked(scope: Scope, filters: ListFilters): string {
  const asked = conditionsOf(scope, filters).map(({ asks }) => asks);
  return asked.join(' and ') || 'true';
}
