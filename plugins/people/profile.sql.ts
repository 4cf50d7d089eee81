// What a profile shows beside the name: ways to reach, relation, tags, chapters.
import type { Scope } from 'rostra/plugin';
import { bounds, ofOwn, seen } from './bound.ts';
import type { PostalValues } from './postal.ts';
import { ofGoneAddress } from './suppression.sql.ts';
import type { PhoneLine } from './telephone-line.ts';

export interface WayRow {
  id: string;
  address: string;
  status: 'ok' | 'bounced' | 'bad';
  /** Of a telephone. */
  line: PhoneLine | null;
  isPrimary: boolean;
  /** By the person's will, said of this address or of one that it took the place of; a dead one says so by its status. */
  isSuppressed: boolean;
  /** Of the last message to it that came back. */
  returnedAt: Date | null;
  returnedWhy: string | null;
}
export interface PostalRow extends PostalValues {
  id: string;
}
export interface Ways {
  emailAddresses: WayRow[];
  phoneNumbers: WayRow[];
  postalAddresses: PostalRow[];
}
export interface RelationRow {
  kind: string;
  since: string;
  until: string | null;
}

const hasLeftStopped = (kind: 'email' | 'phone'): string =>
  `exists (select from people.suppression s where s.kind = '${kind}' and s.person_id = :personId and ${ofGoneAddress})`;

export async function findWays(scope: Scope, personId: string): Promise<Ways> {
  const values = { ...bounds(scope), personId };
  const emails = await scope.db.raw(
    `select e.id, e.address, e.status, null as line, e.is_primary as "isPrimary", e.returned_at as "returnedAt", e.returned_why as "returnedWhy",
       people.is_objected('email', e.address) or ${hasLeftStopped('email')} as "isSuppressed"
     from people.email_address e where e.person_id = :personId and ${seen(scope, 'e.person_id')}
     order by e.is_primary desc, e.id`,
    values,
  );
  const phones = await scope.db.raw(
    `select n.id, n.number as address, n.status, n.line, false as "isPrimary", n.returned_at as "returnedAt", n.returned_why as "returnedWhy",
       people.is_objected('phone', n.number) or ${hasLeftStopped('phone')} as "isSuppressed"
     from people.phone_number n where n.person_id = :personId and ${seen(scope, 'n.person_id')}
     order by n.id`,
    values,
  );
  const posts = await scope.db.raw(
    `select a.id, a.line1, a.line2, a.postcode, a.locality, a.region, a.country
     from people.postal_address a where a.person_id = :personId and ${seen(scope, 'a.person_id')}
     order by a.id`,
    values,
  );
  return { emailAddresses: emails.rows, phoneNumbers: phones.rows, postalAddresses: posts.rows };
}

/** The current one first. */
export async function findRelations(scope: Scope, personId: string): Promise<RelationRow[]> {
  const found = await scope.db.raw(
    `select r.kind, r.since, r.until from people.relation r
     where r.person_id = :personId and ${seen(scope, 'r.person_id')}
     order by r.until is null desc, r.until desc, r.id desc`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

export async function findPersonTags(
  scope: Scope,
  personId: string,
): Promise<{ id: string; name: string }[]> {
  const found = await scope.db.raw(
    `select t.id, t.name from people.tagging g join people.tag t on t.id = g.tag_id
     where g.person_id = :personId and ${seen(scope, 'g.person_id')} order by core.fold(t.name)`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

/** A chapter learns of its own and those below it, not which others know the person. */
export async function findAffiliations(
  scope: Scope,
  personId: string,
): Promise<{ id: string; name: string; since: Date }[]> {
  const found = await scope.db.raw(
    `select o.id, o.name, a.since from people.affiliation a
     join core.organization o on o.id = a.organization_id
     where a.person_id = :personId
       and ${ofOwn(scope, 'a.organization_id')}
     order by o.path`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

/** Chapters in which a person can be put from here. */
export async function findChapters(scope: Scope): Promise<{ id: string; name: string }[]> {
  const found = await scope.db.raw(
    `select o.id, o.name from core.organization o
     where ${ofOwn(scope, 'o.id')} order by o.path`,
    bounds(scope),
  );
  return found.rows;
}
