// The candidates: found, listed, settled.
import { createHash } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import type { Ground } from './ground.ts';
import type { FoundProfile } from './index.ts';

export interface CandidateRow {
  id: string;
  personId: string;
  source: string;
  handle: string;
  address: string;
  name: string;
  biography: string;
  state: 'waiting' | 'confirmed';
  foundAt: Date;
  settledAt: Date | null;
  settledBy: string | null;
}

const columns = `id, person_id as "personId", source, handle, address, name, biography, state,
  found_at as "foundAt", settled_at as "settledAt", settled_by as "settledBy"`;

/** One that is known already is left as it was: a profile is proposed once. */
export async function insertCandidate(
  scope: Scope,
  personId: string,
  profile: FoundProfile,
  { decision, consentId }: Ground,
): Promise<void> {
  const { source, handle, address, name, biography } = profile;
  await scope.db.raw(
    `insert into social_match.candidate (organization_id, person_id, source, digest, handle, address, name,
       biography, consent_id, decision, found_at)
     values (:organizationId, :personId, :source, :digest, :handle, :address, :name,
       :biography, :consentId, cast(:decision as jsonb), :now)
     on conflict (organization_id, person_id, digest) do nothing`,
    {
      ...{ personId, source, handle, address, name, biography, consentId },
      digest: createHash('sha256').update(address).digest(),
      decision: JSON.stringify(decision),
      organizationId: scope.organization.id,
      now: scope.now(),
    },
  );
}

export async function findCandidate(scope: Scope, id: string): Promise<CandidateRow | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from social_match.candidate
     where id = :id and state <> 'rejected' and ${ours(scope)}`,
    { id, ...bounds(scope) },
  );
  return found.rows[0];
}

/** Those that wait, newest first, after the one with the id `before`. */
export async function findWaiting(
  scope: Scope,
  most: number,
  before?: string,
): Promise<CandidateRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from social_match.candidate
     where state = 'waiting' and ${ours(scope)} and id < cast(:before as bigint)
     order by id desc limit :most`,
    { before: before ?? '9223372036854775807', most, ...bounds(scope) },
  );
  return found.rows;
}

export async function findCandidatesOf(scope: Scope, personId: string): Promise<CandidateRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from social_match.candidate
     where person_id = :personId and state <> 'rejected' and ${ours(scope)} order by id desc`,
    { personId, ...bounds(scope) },
  );
  return found.rows;
}

/** Answers whether it was still waiting. */
export async function confirmCandidate(scope: Scope, id: string, by: string): Promise<boolean> {
  const confirmed = await scope.db.raw(
    `update social_match.candidate set state = 'confirmed', settled_at = :now, settled_by = :by
     where id = :id and state = 'waiting' and ${ours(scope)}`,
    { id, by, now: scope.now(), ...bounds(scope) },
  );
  return confirmed.rowCount === 1;
}

/** Also of one that was confirmed by mistake. What it showed goes: it may be a stranger's. */
export async function rejectCandidate(scope: Scope, id: string, by: string): Promise<boolean> {
  const rejected = await scope.db.raw(
    `update social_match.candidate set state = 'rejected', settled_at = :now, settled_by = :by,
       handle = null, address = null, name = null, biography = null
     where id = :id and state <> 'rejected' and ${ours(scope)}`,
    { id, by, now: scope.now(), ...bounds(scope) },
  );
  return rejected.rowCount === 1;
}

function ours(scope: Scope): string {
  return scope.bound ? 'organization_id = any (cast(:bound as bigint[]))' : 'true';
}

function bounds(scope: Scope) {
  return { bound: [...(scope.bound ?? [])] };
}
