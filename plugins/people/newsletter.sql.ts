// Newsletters and their subscribers.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, ofOurs, ofOwn, seen } from './bound.ts';

export interface NewsletterRow {
  id: string;
  key: string;
  name: string;
  description: string;
  organization: string;
}

/** Those of the organization and of its ancestors. */
export async function findNewsletters(scope: Scope): Promise<NewsletterRow[]> {
  const found = await scope.db.raw(
    `select n.id, n.key, n.name, n.description, n.organization_id as organization
     from people.newsletter n
     where n.organization_id = any (cast(:above as bigint[])) and n.closed_at is null
     order by core.fold(n.name), n.id`,
    bounds(scope),
  );
  return found.rows;
}

/** Those of the organization, of its ancestors and of its chapters, with how many subscribed. */
export async function findCountedNewsletters(
  scope: Scope,
): Promise<(NewsletterRow & { subscribers: number })[]> {
  const found = await scope.db.raw(
    `select n.id, n.key, n.name, n.description, n.organization_id as organization,
       (select count(*)::int from people.subscription s
         where s.newsletter_id = n.id and s.until is null and ${seen(scope, 's.person_id')}) as subscribers
     from people.newsletter n where ${ofOurs(scope, 'n.organization_id')} and n.closed_at is null
     order by core.fold(n.name), n.id`,
    bounds(scope),
  );
  return found.rows;
}

/** Answers its id; `undefined` when the organization has one of this key. */
export async function insertNewsletter(
  scope: Scope,
  newsletter: { key: string; name: string; description: string },
): Promise<string | undefined> {
  const found = await scope.db.raw(
    `insert into people.newsletter (organization_id, key, name, description, created_at)
     values (:organizationId, :key, :name, :description, :now)
     on conflict (organization_id, key) do nothing returning id`,
    { ...bounds(scope), ...newsletter },
  );
  return found.rows[0]?.id;
}

/** Only what the organization may write to: its own and its chapters'. */
export async function updateNewsletter(
  scope: Scope,
  id: string,
  changes: { name: string; description: string },
): Promise<number> {
  if (!isId(id)) return 0;
  const found = await scope.db.raw(
    `update people.newsletter n set name = :name, description = :description
     where n.id = :id and ${ofOwn(scope, 'n.organization_id')}`,
    { ...bounds(scope), id, ...changes },
  );
  return found.rowCount ?? 0;
}

export async function findNewsletter(scope: Scope, id: string): Promise<NewsletterRow | undefined> {
  if (!isId(id)) return undefined;
  const found = await scope.db.raw(
    `select n.id, n.key, n.name, n.description, n.organization_id as organization
     from people.newsletter n where n.id = :id and n.closed_at is null and ${ofOurs(scope, 'n.organization_id')}`,
    { ...bounds(scope), id },
  );
  return found.rows[0];
}

export async function insertSubscription(
  scope: Scope,
  personId: string,
  newsletterId: string,
): Promise<number> {
  const found = await scope.db.raw(
    `insert into people.subscription (newsletter_id, person_id, since)
     values (:newsletterId, :personId, :now)
     on conflict (newsletter_id, person_id) where until is null do nothing`,
    { newsletterId, personId, now: scope.now() },
  );
  return found.rowCount ?? 0;
}

export async function endSubscription(
  scope: Scope,
  personId: string,
  newsletterId: string,
): Promise<number> {
  const found = await scope.db.raw(
    `update people.subscription s set until = :now
     where s.newsletter_id = :newsletterId and s.person_id = :personId and s.until is null
       and ${seen(scope, 's.person_id')}`,
    { ...bounds(scope), personId, newsletterId },
  );
  return found.rowCount ?? 0;
}

export async function findSubscriptions(
  scope: Scope,
  personId: string,
): Promise<(NewsletterRow & { since: Date })[]> {
  const found = await scope.db.raw(
    `select n.id, n.key, n.name, n.description, n.organization_id as organization, s.since
     from people.subscription s
     join people.newsletter n on n.id = s.newsletter_id
     where s.person_id = :personId and s.until is null and n.closed_at is null
       and ${seen(scope, 's.person_id')} and ${ofOurs(scope, 'n.organization_id')}
     order by core.fold(n.name)`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}
