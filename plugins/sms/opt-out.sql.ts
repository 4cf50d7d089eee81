// Who said stop: known by a keyed digest of the number, so that it holds for whoever has it and outlives them.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface Stop {
  id: string;
  at: Date;
}

/** Anywhere in the party: a number is one telephone. */
export async function isStopped(scope: Scope, mark: string): Promise<boolean> {
  const found = await scope.db.raw(
    'select exists (select from sms.stop where mark = :mark and ended_at is null) as "isStopped"',
    { mark },
  );
  return found.rows[0].isStopped;
}

/** As `isStopped`, of many. */
export async function findStopped(scope: Scope, marks: readonly string[]): Promise<Set<string>> {
  const found = await scope.db.raw(
    'select mark from sms.stop where mark = any (cast(:marks as text[])) and ended_at is null',
    { marks: [...marks] },
  );
  return new Set(found.rows.map(({ mark }: { mark: string }) => mark));
}

/** `undefined`: it stood already. */
export async function insertStop(
  scope: Scope,
  { mark, threadId }: { mark: string; threadId?: string | undefined },
): Promise<string | undefined> {
  const made = await scope.db.raw(
    `insert into sms.stop (organization_id, mark, thread_id, at)
     values (:organizationId, :mark, :threadId, :now)
     on conflict (mark) where ended_at is null do nothing returning id`,
    { organizationId: scope.organization.id, mark, threadId: threadId ?? null, now: scope.now() },
  );
  return made.rows[0]?.id;
}

/** Of a stop that was found within the bound before. */
export async function noteStoppedConsent(
  scope: Scope,
  stopId: string,
  personId: string,
  purpose: string,
): Promise<void> {
  await scope.db.raw(
    `insert into sms.stopped_consent (stop_id, person_id, purpose) values (:stopId, :personId, :purpose)
     on conflict do nothing`,
    { stopId, personId, purpose },
  );
}

export async function findStop(scope: Scope, mark: string): Promise<Stop | undefined> {
  const found = await scope.db.raw(
    `select s.id, s.at from sms.stop s where s.mark = :mark and s.ended_at is null and ${within(scope, 's')}`,
    { ...boundOf(scope), mark },
  );
  return found.rows[0];
}

/** Answers whose consents to which purposes stood before it; `undefined`: it had ended. */
export async function endStop(
  scope: Scope,
  id: string,
  { by, why }: { by: string | null; why: string | null },
): Promise<{ personId: string; purpose: string }[] | undefined> {
  const ended = await scope.db.raw(
    `update sms.stop s set ended_at = :now, ended_by = :by, why = :why
     where s.id = :id and s.ended_at is null and ${within(scope, 's')}`,
    { ...boundOf(scope), id, by, why },
  );
  if (ended.rowCount === 0) return undefined;
  const found = await scope.db.raw(
    `select person_id as "personId", purpose from sms.stopped_consent where stop_id = :id
     order by person_id, purpose`,
    { id },
  );
  return found.rows;
}
