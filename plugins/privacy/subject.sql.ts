// What requests themselves keep on a person: read, emptied, moved, and in the end forgotten.
import type { Scope } from 'rostra/plugin';

export async function* readSubject(scope: Scope, personId: string) {
  const requests = await scope.db.raw(
    `select reference, kind, origin, state, outcome, words, asked_at, due_at, extended_at, answered_at
     from privacy.request where person_id = :personId order by id`,
    { personId },
  );
  for (const row of requests.rows) yield { table: 'privacy.request', row };
  const steps = await scope.db.raw(
    `select r.reference, s.kind, s.text, s.at from privacy.step s join privacy.request r on r.id = s.request_id
     where r.person_id = :personId order by s.id`,
    { personId },
  );
  for (const row of steps.rows) yield { table: 'privacy.step', row };
  const links = await scope.db.raw(
    'select created_at, expires_at from privacy.link where person_id = :personId order by id',
    { personId },
  );
  for (const row of links.rows) yield { table: 'privacy.link', row };
}

/**
 * What proves that we answered stays without the person. An erasure that is not at its end keeps the number alone, by
 * which it is tried again; one that somebody else began is thereby at work.
 */
export async function emptySubject(scope: Scope, personId: string): Promise<void> {
  const values = { personId, now: scope.now() };
  await scope.db.raw('delete from privacy.link where person_id = :personId', values);
  await scope.db.raw(
    `update privacy.step s set text = null from privacy.request r
     where r.id = s.request_id and r.person_id = :personId and s.kind not in ('waiting')`,
    values,
  );
  await scope.db.raw(
    `update privacy.request set words = null, next_at = coalesce(next_at, :now)
     where person_id = :personId and kind = 'erasure' and answered_at is null`,
    values,
  );
  await scope.db.raw(
    `update privacy.request set words = null, person_id = null, next_at = null,
       waiting_for = '{}',
       state = case when answered_at is null then 'done' else state end,
       outcome = coalesce(outcome, 'erased'), answered_at = coalesce(answered_at, :now)
     where person_id = :personId and (kind <> 'erasure' or answered_at is not null)`,
    values,
  );
}

export async function moveSubject(scope: Scope, from: string, into: string): Promise<void> {
  for (const table of ['request', 'link']) {
    await scope.db.raw(`update privacy.${table} set person_id = :into where person_id = :from`, {
      from,
      into,
    });
  }
}

export async function deleteOutdated(
  scope: Scope,
  { links, answers }: { links: Date; answers: Date },
): Promise<number> {
  const spent = await scope.db.raw('delete from privacy.link where expires_at < :links', { links });
  const old = await scope.db.raw('delete from privacy.request where answered_at < :answers', {
    answers,
  });
  return (spent.rowCount ?? 0) + (old.rowCount ?? 0);
}

/** Of an invented party: what was asked of invented people, whoever invented them, and at invented chapters. */
export async function deleteInvented(scope: Scope, chapters: readonly string[]): Promise<void> {
  for (const table of ['link', 'request']) {
    await scope.db.raw(
      `delete from privacy.${table}
       where person_id in (select cast(id as bigint) from core.demo_row where kind = 'person')
         or organization_id = any (cast(:chapters as bigint[]))`,
      { chapters: [...chapters] },
    );
  }
  await scope.db.raw(
    'delete from privacy.kept where organization_id = any (cast(:chapters as bigint[]))',
    { chapters: [...chapters] },
  );
}
