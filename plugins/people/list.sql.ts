// The list of people: search, filters and pages by key, quick with hundreds of thousands of them.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';

export interface ListFilters {
  q?: string;
  relation?: string;
  tag?: string;
  newsletter?: string;
  /** A channel on which the person's last word is yes. */
  consent?: string;
  sort?: string;
}
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
  /** How many fit in all, where that was known by the way. */
  found: number | null;
}

const orders = {
  name: { column: 'p.sort_name', type: 'text', direction: 'asc' },
  newest: { column: 'p.created_at', type: 'timestamptz', direction: 'desc' },
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
  const { where, bindings, isSearch } = condition(scope, filters);
  const beyond = cursor
    ? `and (${order.column}, p.id) ${isUp ? '>' : '<'} (cast(:key as ${order.type}), cast(:id as bigint))`
    : '';
  // Found by words first and sorted then: the planner would rather walk along the names to the first that fits.
  const hits = isSearch
    ? `hits as materialized (select p.id, p.sort_name, p.created_at from people.person p where ${where}),`
    : '';
  const source = isSearch ? 'hits p where true' : `people.person p where ${where}`;
  const found = await scope.db.raw(
    `with ${hits} page as materialized (
       select p.id, ${order.column} as sorted from ${source} ${beyond}
       order by ${order.column} ${direction}, p.id ${direction} limit :size)
     select p.id, o.given_name as "givenName", o.family_name as "familyName", o.created_at as "createdAt",
       p.sorted::text as cursor, ${isSearch ? '(select count(*)::int from hits)' : 'null::int'} as found,
       (select address from people.email_address e where e.person_id = p.id
         order by is_primary desc, e.id limit 1) as "emailAddress",
       (select number from people.phone_number n where n.person_id = p.id order by n.id limit 1) as "phoneNumber",
       (select kind from people.relation r where r.person_id = p.id and r.until is null) as relation,
       array(select t.name from people.tagging g join people.tag t on t.id = g.tag_id
         where g.person_id = p.id order by t.name) as tags
     from page p join people.person o on o.id = p.id order by p.sorted ${direction}, p.id ${direction}`,
    { ...bindings, key: cursor?.key ?? null, id: cursor?.id ?? null, size: page.size },
  );
  return isBack ? found.rows.reverse() : found.rows;
}

/** Counts no further than `most`: past it the exact number is nobody's business on a screen. */
export async function countList(scope: Scope, filters: ListFilters, most: number): Promise<number> {
  const { where, bindings } = condition(scope, filters);
  const found = await scope.db.raw(
    `select count(*)::int as count from (select from people.person p where ${where} limit :most) counted`,
    { ...bindings, most },
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
  const { where, bindings } = condition(scope, filters);
  const found = await scope.db.raw(
    `select p.id from people.person p where ${where} and p.id > :after order by p.id limit :most`,
    { ...bindings, after, most },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** A cursor comes in from the address, perhaps of the list in another order. */
function fits(type: 'text' | 'timestamptz', key: string): boolean {
  return type === 'text' || !Number.isNaN(Date.parse(key));
}

function orderOf(filters: ListFilters): (typeof orders)[keyof typeof orders] {
  return filters.sort === 'newest' ? orders.newest : orders.name;
}

function condition(scope: Scope, filters: ListFilters) {
  const words = wordsOf(filters.q ?? '');
  const parts = ['p.erased_at is null', seen(scope, 'p.id')];
  for (const index of words.keys()) parts.push(`p.search like core.fold(:word${index})`);
  if (filters.relation) {
    parts.push(`exists (select from people.relation r where r.person_id = p.id and r.until is null
      and r.kind = :relation)`);
  }
  if (isId(filters.tag ?? '')) {
    parts.push(
      'exists (select from people.tagging g where g.person_id = p.id and g.tag_id = :tag)',
    );
  }
  if (isId(filters.newsletter ?? '')) {
    parts.push(`exists (select from people.subscription s where s.person_id = p.id and s.until is null
      and s.newsletter_id = :newsletter)`);
  }
  if (filters.consent) parts.push(agreed);
  const byWord = Object.fromEntries(words.map((word, index) => [`word${index}`, word]));
  return {
    where: parts.join(' and '),
    isSearch: words.some((word) => /[^%\s]{3}/.test(word)),
    bindings: {
      ...bounds(scope),
      ...byWord,
      relation: filters.relation ?? null,
      tag: filters.tag ?? null,
      newsletter: filters.newsletter ?? null,
      consent: filters.consent ?? null,
    },
  };
}

/** Whose last word on the channel, for some purpose, is yes; of those said to us or above us. */
const agreed = `p.id in (
  select last.person_id from (
    select distinct on (c.person_id, c.purpose) c.person_id, c.given from people.consent c
    where c.channel = :consent and c.organization_id = any (cast(:above as bigint[]))
    order by c.person_id, c.purpose, c.id desc) last
  where last.given)`;

/** Each word somewhere; one or two letters at the beginning of a name, which the index can find. */
function wordsOf(q: string): string[] {
  const words = isNumber.test(q.trim()) ? [digitsOf(q)] : q.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 6)
    .map((word) => (/^0\d{3,}$/.test(word) ? digitsOf(word) : word))
    .map((word) => word.replace(/[\\%_]/g, '\\$&'))
    .map((word) => (word.length < 3 ? `% ${word}%` : `%${word}%`));
}

const isNumber = /^[+\d][\d\s.()/-]{3,}$/;

/** However a number is written, it is found in its E.164 form. */
function digitsOf(q: string): string {
  return q.replace(/\D/g, '').replace(/^0+/, '');
}
