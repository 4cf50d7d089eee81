// What is kept of a person who wrote, or was written to.
import type { Scope } from 'rostra/plugin';

/** Also what went to a number that they share: it came to their telephone. */
const theirs = `(m.person_id = :personId or m.person_id is null and exists (
  select from sms.thread t join sms.thread_person p on p.thread_id = t.id
  where t.account_id = m.account_id and t.organization_id = m.organization_id and t.number = m.number
    and p.person_id = :personId))`;

/** Conversations in which nobody else is. */
const alone = `(select t.id, t.account_id, t.organization_id, t.number from sms.thread t
  where exists (select from sms.thread_person p where p.thread_id = t.id and p.person_id = :personId)
    and not exists (select from sms.thread_person p where p.thread_id = t.id and p.person_id <> :personId))`;

export async function findMessagesOf(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select m.direction, m.number, m.sender, m.text, m.state, m.kind, m.at from sms.message m
     where ${theirs} order by m.at, m.id`,
    { personId },
  );
  return found.rows;
}

export async function findThreadsOf(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select t.number, t.last_at, t.assignee, s.at as stopped_at, s.ended_at as stop_ended_at, s.why as stop_ended_why
     from sms.thread_person p join sms.thread t on t.id = p.thread_id left join sms.stop s on s.thread_id = t.id
     where p.person_id = :personId order by t.id`,
    { personId },
  );
  return found.rows;
}

/** Counts and costs stay; a stop stays as the digest that it is. */
export async function eraseMessagesOf(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw(
    `${emptied} where m.person_id = :personId or exists (
       select from ${alone} t where t.account_id = m.account_id and t.organization_id = m.organization_id and t.number = m.number)`,
    { personId },
  );
  await scope.db.raw(
    `update sms.stop set why = null where thread_id in (select id from ${alone} t)`,
    { personId },
  );
  await scope.db.raw('delete from sms.stopped_consent where person_id = :personId', { personId });
  await scope.db.raw(`delete from sms.thread where id in (select id from ${alone} t)`, {
    personId,
  });
  await scope.db.raw('delete from sms.thread_person where person_id = :personId', { personId });
}

export async function mergeMessages(scope: Scope, from: string, into: string): Promise<void> {
  const both = { from, into };
  await scope.db.raw('update sms.message set person_id = :into where person_id = :from', both);
  for (const [table, key] of [
    ['thread_person', 'thread_id'],
    ['stopped_consent', 'stop_id'],
  ]) {
    const more = key === 'stop_id' ? 'and o.purpose = w.purpose' : '';
    await scope.db.raw(
      `delete from sms.${table} w where w.person_id = :from
         and exists (select from sms.${table} o where o.${key} = w.${key} and o.person_id = :into ${more})`,
      both,
    );
    await scope.db.raw(`update sms.${table} set person_id = :into where person_id = :from`, both);
  }
}

/** Their words and numbers; what a day's messages cost stays. Conversations of which nothing is left go. */
export async function forgetMessages(scope: Scope, before: Date): Promise<number> {
  const found = await scope.db.raw(`${emptied} where m.number is not null and m.at < :before`, {
    before,
  });
  await scope.db.raw('delete from sms.thread where last_at < :before', { before });
  return found.rowCount ?? 0;
}

const emptied = `update sms.message m set person_id = null, number = null, text = null, author = null,
  answer = null, sender = case when m.direction = 'outbound' then m.sender else '' end`;
