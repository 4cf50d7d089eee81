// The searches: one a person, for each part of the party that looks.
import type { Scope } from 'rostra/plugin';

export type SearchState = 'waiting' | 'found' | 'nothing' | 'unanswered' | 'refused';

export interface SearchRow {
  personId: string;
  handle: string;
  state: SearchState;
  askedAt: Date;
  endedAt: Date | null;
}

export async function upsertSearch(scope: Scope, personId: string, handle: string): Promise<void> {
  await scope.db.raw(
    `insert into social_match.search (organization_id, person_id, handle, state, asked_at)
     values (:organizationId, :personId, :handle, 'waiting', :now)
     on conflict (organization_id, person_id) do update
       set handle = excluded.handle, state = 'waiting', asked_at = excluded.asked_at, ended_at = null`,
    { organizationId: scope.organization.id, personId, handle, now: scope.now() },
  );
}

export async function findSearch(scope: Scope, personId: string): Promise<SearchRow | undefined> {
  const found = await scope.db.raw(
    `select person_id as "personId", handle, state, asked_at as "askedAt", ended_at as "endedAt"
     from social_match.search where organization_id = :organizationId and person_id = :personId`,
    { organizationId: scope.organization.id, personId },
  );
  return found.rows[0];
}

/** Answers whether it was still waiting for this handle. */
export async function endSearch(
  scope: Scope,
  { personId, handle }: Pick<SearchRow, 'personId' | 'handle'>,
  state: Exclude<SearchState, 'waiting'>,
): Promise<boolean> {
  const ended = await scope.db.raw(
    `update social_match.search set state = :state, ended_at = :now
     where organization_id = :organizationId and person_id = :personId and handle = :handle
       and state = 'waiting'`,
    { organizationId: scope.organization.id, personId, handle, state, now: scope.now() },
  );
  return ended.rowCount === 1;
}
