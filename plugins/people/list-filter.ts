// The filters of the list, each in the three forms in which it is asked for.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import { kindOf } from './consent.ts';
import { isStopped } from './suppression.sql.ts';

export interface ListFilters {
  q?: string;
  relation?: string;
  tag?: string;
  newsletter?: string;
  /** A channel on which the person's last word is yes. */
  consent?: string;
  sort?: string;
}

/**
 * So many are counted, and sorted at a stroke. Of more, a walk along the sorted names meets a page's worth soon: both
 * together are least below the root of people times rows, since to count one takes longer than to pass one by.
 */
export const countedMost = 2_000;
/** Of those who agreed: what each said is read, so that one counted takes twice as long. */
export function countedOf({ consent }: ListFilters): number {
  return consent ? countedMost / 2 : countedMost;
}

/** Of a person `p`. */
export interface Condition {
  /** Gives the ids `p.id` of all for whom it holds; further conditions may be put behind it. */
  source: string;
  /** Holds for `p`; the planner may turn it into a join. */
  holds: string;
  /** The same, looked up for one person at a time. */
  asks: string;
}

/** The first wall, then the filters; the one that most likely leaves the fewest comes first. */
export function conditionsOf(scope: Scope, filters: ListFilters): Condition[] {
  const conditions: Condition[] = [];
  const words = wordsOf(filters.q ?? '').map((_, index) => `like core.fold(:word${index})`);
  if (words.length > 0) conditions.push(byWords(scope, words));
  if (isId(filters.tag ?? '')) conditions.push(byLabel(scope, 'tagging', 'k.tag_id = :tag'));
  if (filters.relation) {
    conditions.push(byLabel(scope, 'relation', 'k.until is null and k.kind = :relation'));
  }
  if (isId(filters.newsletter ?? '')) {
    const where = 'k.until is null and k.newsletter_id = :newsletter';
    conditions.push(byLabel(scope, 'subscription', where));
  }
  if (filters.consent) conditions.push(agreed(scope, filters));
  // Labels are read by the chapters that see the person; words are not.
  const isBounded = conditions.length > (words.length > 0 ? 1 : 0);
  if (scope.bound && !isBounded) conditions.push(ofOwn(scope));
  return conditions;
}

export function bindingsOf(scope: Scope, filters: ListFilters) {
  const words = wordsOf(filters.q ?? '').map((word, index) => [`word${index}`, word]);
  return {
    ...bounds(scope),
    own: scope.bound?.[0] ?? null,
    ...Object.fromEntries(words),
    relation: filters.relation ?? null,
    tag: filters.tag ?? null,
    newsletter: filters.newsletter ?? null,
    consent: filters.consent ?? null,
  };
}

/** Whom a chapter may look for, under its policies; those who read past these read the table. */
export function peopleOf(scope: Scope): string {
  return scope.bound ? 'people.seen_person' : 'people.person';
}

function labelsOf(scope: Scope, table: string): string {
  if (!scope.bound) return `people.${table} k where true`;
  return `people.seen_${table} k where ${within(scope, 'k.seen_by')}`;
}

/** Of one chapter as one, not as a list of one: then the index gives its people in order, and orders are merged. */
function within(scope: Scope, column: string): string {
  if (scope.bound?.length === 1) return `${column} = cast(:own as bigint)`;
  return `${column} = any (cast(:bound as bigint[]))`;
}

/** Rows `a` of whom a chapter sees. */
export function ownOf(scope: Scope): string {
  return `people.affiliation a where ${within(scope, 'a.organization_id')}`;
}

function ofOwn(scope: Scope): Condition {
  const own = ownOf(scope);
  return {
    source: `(select ${distinct(scope)} a.person_id as id from ${own}) p where true`,
    holds: seen(scope, 'p.id'),
    asks: `exists (select from ${own} and a.person_id = p.id offset 0)`,
  };
}

/** Two chapters of the bound may see the same person. */
export function distinct(scope: Scope): string {
  return (scope.bound?.length ?? 0) > 1 ? 'distinct' : '';
}

/** Who walks along the names reads each anyway: the search index would only gather them all first. */
function byWords(scope: Scope, words: readonly string[]): Condition {
  const holds = words.map((word) => `p.search ${word}`).join(' and ');
  return {
    source: `${peopleOf(scope)} p where p.erased_at is null and ${holds}`,
    holds,
    asks: words.map((word) => `(p.search || '') ${word}`).join(' and '),
  };
}

function byLabel(scope: Scope, table: string, where: string): Condition {
  const of = `${labelsOf(scope, table)} and ${where}`;
  return {
    source: `(select ${distinct(scope)} k.person_id as id from ${of}) p where true`,
    holds: `exists (select from ${of} and k.person_id = p.id)`,
    asks: `exists (select from ${of} and k.person_id = p.id offset 0)`,
  };
}

/** Whose last word on the channel, for some purpose, is yes; of those said to us or above us. */
function agreed(scope: Scope, filters: ListFilters): Condition {
  const heard = `${labelsOf(scope, 'consent')} and k.channel = :consent
    and k.organization_id = any (cast(:above as bigint[]))`;
  const yes = (who: string) => `(select from (
      select distinct on (k.purpose) k.given from ${heard} and k.person_id = ${who} order by k.purpose, k.id desc) k
    where k.given offset 0)`;
  const everybody = `(select distinct on (k.person_id, k.purpose) k.person_id, k.given from ${heard}
    order by k.person_id, k.purpose, k.id desc) k where k.given`;
  // A chapter's few are asked one by one: the planner would read what the whole party said.
  return {
    source: scope.bound
      ? `${ofOwn(scope).source} and exists ${yes('p.id')}`
      : `(select distinct k.person_id as id from ${everybody}) p where true`,
    holds: `exists ${yes('p.id')}`,
    asks: `case when exists ${yes('p.id')} then ${reachable(filters)} else false end`,
  };
}

/**
 * True for `p` who may be reached where they agreed: a suppression beats the yes. It is asked last, of as many as are
 * shown.
 */
function reachable(filters: ListFilters): string {
  const kind = kindOf(filters.consent ?? '');
  return kind ? `not ${isStopped(`'${kind}'`, 'p.id')}` : 'true';
}

/** `found` gives ids `p.id`, in its own order. */
export function reachableOf(filters: ListFilters, found: string): string {
  if (!kindOf(filters.consent ?? '')) return found;
  return `select p.id from (${found} offset 0) p where ${reachable(filters)}`;
}

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
