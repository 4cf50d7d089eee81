// What is kept of a person who wrote back.
import type { Scope } from 'rostra/plugin';

export async function findAnswersOf(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select id, from_address, from_name, subject, text, attachments, is_proven, asks, stopped_at, state, received_at
     from email.answer where person_id = :personId order by id`,
    { personId },
  );
  return found.rows;
}

export async function findRepliesTo(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select r.answer_id, r.text, r.state, r.created_at, r.settled_at
     from email.reply r join email.answer a on a.id = r.answer_id where a.person_id = :personId order by r.id`,
    { personId },
  );
  return found.rows;
}

/** Also what came from one of their addresses and was nobody's: what staff answered goes with it. */
export async function deleteAnswersOf(
  scope: Scope,
  personId: string,
  addresses: readonly string[],
): Promise<void> {
  await scope.db.raw(
    `delete from email.answer where person_id = :personId
       or person_id is null and from_address = any (cast(:addresses as text[]))`,
    { personId, addresses: [...addresses] },
  );
}

export async function moveAnswers(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw('update email.answer set person_id = :into where person_id = :from', {
    from,
    into,
  });
}

/** Whosever they are. */
export async function forgetAnswers(scope: Scope, before: Date): Promise<number> {
  const found = await scope.db.raw('delete from email.answer where received_at < :before', {
    before,
  });
  return found.rowCount;
}

/** Of invented chapters. */
export async function deleteInventedAnswers(
  scope: Scope,
  chapters: readonly string[],
): Promise<void> {
  await scope.db.raw(
    'delete from email.answer where organization_id = any (cast(:chapters as bigint[]))',
    { chapters: [...chapters] },
  );
}
