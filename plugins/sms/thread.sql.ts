// Conversations: one a number and account, with the people who have the number.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface Thread {
  id: string;
  accountId: string;
  number: string;
  lastAt: Date;
  lastInAt: Date | null;
  unread: number;
  assigneeId: string | null;
  assignee: string | null;
  asksStop: boolean;
  personIds: string[];
}
export interface ListedThread extends Thread {
  lastText: string | null;
  /** `out`: ours. */
  lastDirection: string | null;
}

const columns = `t.id, t.account_id as "accountId", t.number, t.last_at as "lastAt", t.last_in_at as "lastInAt", t.unread,
  t.assignee_id as "assigneeId", t.assignee, t.asks_stop as "asksStop",
  array(select p.person_id::text from sms.thread_person p where p.thread_id = t.id order by p.person_id) as "personIds"`;

/** A message came: the number's conversation, begun if there was none. */
export async function noteInbound(
  scope: Scope,
  came: { accountId: string; number: string; at: Date; asksStop: boolean },
): Promise<string> {
  const made = await scope.db.raw(
    `insert into sms.thread (organization_id, account_id, number, last_at, last_in_at, unread, asks_stop)
     values (:organizationId, :accountId, :number, :at, :at, 1, :asksStop)
     on conflict (account_id, organization_id, number) do update
       set last_at = greatest(sms.thread.last_at, excluded.last_at), last_in_at = greatest(sms.thread.last_in_at, excluded.last_in_at),
         unread = sms.thread.unread + 1, asks_stop = sms.thread.asks_stop or excluded.asks_stop
     returning id`,
    { organizationId: scope.organization.id, ...came },
  );
  return made.rows[0].id;
}

/** Of a conversation that was found within the bound before. */
export async function linkPeople(
  scope: Scope,
  threadId: string,
  personIds: readonly string[],
): Promise<void> {
  await scope.db.raw(
    `insert into sms.thread_person (thread_id, person_id)
     select :threadId, id from unnest(cast(:personIds as bigint[])) id on conflict do nothing`,
    { threadId, personIds: [...personIds] },
  );
}

/** Of a message that was kept within the bound before. */
export async function nameSender(scope: Scope, messageId: string, personId: string): Promise<void> {
  await scope.db.raw('update sms.message set person_id = :personId where id = :messageId', {
    messageId,
    personId,
  });
}

export interface Asked {
  /** Account of the staff whose they are; `nobody`. */
  assignee?: string;
  isUnread?: boolean;
  q?: string;
  before?: string;
  most: number;
}

/** The newest first. */
export async function findThreads(scope: Scope, asked: Asked): Promise<ListedThread[]> {
  const { assignee, isUnread, q, before, most } = asked;
  const sought = q?.trim() ?? '';
  const digits = sought.replace(/\D+/g, '').replace(/^0+/, '');
  const found = await scope.db.raw(
    `select ${columns}, m.text as "lastText", m.direction as "lastDirection" from sms.thread t
     left join lateral (select text, direction from sms.message m
       where m.account_id = t.account_id and m.number = t.number and m.organization_id = t.organization_id
       order by m.at desc, m.id desc limit 1) m on true
     where ${within(scope, 't')}
       ${assignee === 'nobody' ? 'and t.assignee_id is null' : assignee ? 'and t.assignee_id = :assignee' : ''}
       ${isUnread ? 'and t.unread > 0' : ''}
       ${before ? 'and (t.last_at, t.id) < (select last_at, id from sms.thread where id = :before)' : ''}
       ${
         sought
           ? `and (exists (select from sms.message w where w.account_id = t.account_id and w.number = t.number
           and w.organization_id = t.organization_id and strpos(lower(w.text), lower(:sought)) > 0) ${digits ? 'or strpos(t.number, :digits) > 0' : ''})`
           : ''
       }
     order by t.last_at desc, t.id desc limit :most`,
    {
      ...boundOf(scope),
      ...{ most, ...(before && { before }) },
      ...(assignee && assignee !== 'nobody' && { assignee }),
      ...(sought && { sought }),
      ...(sought && digits && { digits }),
    },
  );
  return found.rows;
}

export async function countUnread(scope: Scope): Promise<number> {
  const found = await scope.db.raw(
    `select count(*)::int as count from sms.thread t where t.unread > 0 and ${within(scope, 't')}`,
    boundOf(scope),
  );
  return found.rows[0].count;
}

export async function findThread(scope: Scope, id: string): Promise<Thread | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from sms.thread t where t.id = :id and ${within(scope, 't')}`,
    { ...boundOf(scope), id },
  );
  return found.rows[0];
}

export interface Line {
  id: string;
  /** `out`: ours. */
  direction: string;
  text: string | null;
  state: string;
  parts: number;
  author: string | null;
  kind: string | null;
  at: Date;
  /** Of one that waits: when it leaves, if that is known. */
  dueAt: Date | null;
}

/** Of a conversation, the oldest first, its newest so many. */
export async function findLines(scope: Scope, threadId: string, most: number): Promise<Line[]> {
  const found = await scope.db.raw(
    `select m.id, m.direction, m.text, m.state, m.parts, m.author, m.kind, m.at,
       case m.state when 'later' then m.due_at end as "dueAt"
     from sms.thread t join sms.message m on m.account_id = t.account_id and m.number = t.number
       and m.organization_id = t.organization_id
     where t.id = :threadId and ${within(scope, 't')} order by m.at desc, m.id desc limit :most`,
    { ...boundOf(scope), threadId, most },
  );
  return found.rows.reverse();
}

export async function noteRead(scope: Scope, id: string): Promise<boolean> {
  const read = await scope.db.raw(
    `update sms.thread t set unread = 0 where t.id = :id and t.unread > 0 and ${within(scope, 't')}`,
    { ...boundOf(scope), id },
  );
  return read.rowCount > 0;
}

export async function assign(
  scope: Scope,
  id: string,
  to: { id: string; name: string } | undefined,
): Promise<boolean> {
  const done = await scope.db.raw(
    `update sms.thread t set assignee_id = :assigneeId, assignee = :assignee
     where t.id = :id and ${within(scope, 't')}`,
    { ...boundOf(scope), id, assigneeId: to?.id ?? null, assignee: to?.name ?? null },
  );
  return done.rowCount > 0;
}

/** Staff looked at it: it is a stop, or it is none. */
export async function settleAsked(scope: Scope, id: string): Promise<boolean> {
  const done = await scope.db.raw(
    `update sms.thread t set asks_stop = false where t.id = :id and ${within(scope, 't')}`,
    { ...boundOf(scope), id },
  );
  return done.rowCount > 0;
}
