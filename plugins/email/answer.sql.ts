// What people wrote back to letters.
import type { Scope } from 'rostra/plugin';
import type { AnswerMail } from './answer-mail.ts';
import { boundOf, isId, within } from './bound.ts';

export interface NewAnswer extends Omit<AnswerMail, 'to'> {
  /** Whose letter it answers. */
  organizationId: string;
  /** That it goes on; a new one if left out. */
  thread?: string | undefined;
  /** Of the recipient of whose letter it speaks. */
  key?: string | undefined;
  /** It came to an address that only that letter's reader has. */
  isProven: boolean;
  sendId?: string | undefined;
  receivedAt: Date;
}

/** Kept before it is acted on; `undefined`: it was there already. */
export async function insertAnswer(scope: Scope, answer: NewAnswer): Promise<string | undefined> {
  const { thread, key, sendId, attachments, refs, ...rest } = answer;
  const made = await scope.db.raw(
    `insert into email.answer (organization_id, thread, key, is_proven, send_id, from_address, from_name, subject, text,
       attachments, is_cut, message_id, refs, received_at)
     values (:organizationId, coalesce(cast(:thread as uuid), gen_random_uuid()), cast(:key as uuid), :isProven, :sendId, :from,
       :fromName, :subject, :text, cast(:attachments as text[]), :isCut, :messageId, cast(:refs as text[]), :receivedAt)
     on conflict (organization_id, message_id) do nothing returning id`,
    {
      ...rest,
      ...{ thread: thread ?? null, key: key ?? null, sendId: sendId ?? null },
      ...{ attachments: [...attachments], refs: [...refs] },
    },
  );
  return made.rows[0]?.id;
}

export interface Answer extends Omit<AnswerMail, 'to'> {
  id: string;
  organizationId: string;
  thread: string;
  key: string | null;
  isProven: boolean;
  sendId: string | null;
  personId: string | null;
  /** `stop`: to be written to no more; `mentions`: perhaps. */
  asks: 'stop' | 'mentions' | null;
  stoppedAt: Date | null;
  stoppedBy: string | null;
  state: 'new' | 'done';
  doneBy: string | null;
  receivedAt: Date;
}

const columns = `a.id, a.organization_id as "organizationId", a.thread, a.key, a.is_proven as "isProven", a.send_id as "sendId",
  a.person_id as "personId", a.from_address as "from", a.from_name as "fromName", a.subject, a.text, a.attachments,
  a.is_cut as "isCut", a.message_id as "messageId", a.refs, a.asks, a.stopped_at as "stoppedAt", a.stopped_by as "stoppedBy",
  a.state, a.done_by as "doneBy", a.received_at as "receivedAt"`;

/** Ids of what came for the scope's organization and was not acted on yet, oldest first. */
export async function findUnheardAnswers(scope: Scope, most: number): Promise<string[]> {
  const found = await scope.db.raw(
    `select id from email.answer where heard_at is null and organization_id = :organizationId order by id limit :most`,
    { organizationId: scope.organization.id, most },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

/** Locks it until the end of the transaction; `undefined`: it was acted on before. */
export async function noteHeard(scope: Scope, id: string): Promise<Answer | undefined> {
  const found = await scope.db.raw(
    `update email.answer a set heard_at = :now
     where a.id = :id and a.organization_id = :organizationId and a.heard_at is null returning ${columns}`,
    { id, organizationId: scope.organization.id, now: scope.now() },
  );
  return found.rows[0];
}

/** What the organization's own job found out of one that it heard. */
export async function noteFound(
  scope: Scope,
  id: string,
  { personId, asks }: Pick<Answer, 'personId' | 'asks'>,
): Promise<void> {
  await scope.db.raw(
    `update email.answer a set person_id = :personId, asks = :asks where a.id = :id and ${within(scope, 'a')}`,
    { ...boundOf(scope), id, personId, asks },
  );
}

/** Answers whether it was not before. `by`: name of the staff; `null`: by itself. */
export async function noteStopped(scope: Scope, id: string, by: string | null): Promise<boolean> {
  const done = await scope.db.raw(
    `update email.answer a set stopped_at = :now, stopped_by = :by
     where a.id = :id and a.stopped_at is null and ${within(scope, 'a')}`,
    { ...boundOf(scope), id, by },
  );
  return done.rowCount > 0;
}

export async function noteNoStop(scope: Scope, id: string): Promise<boolean> {
  const done = await scope.db.raw(
    `update email.answer a set asks = null
     where a.id = :id and a.asks is not null and a.stopped_at is null and ${within(scope, 'a')}`,
    { ...boundOf(scope), id },
  );
  return done.rowCount > 0;
}

/** Answers whether that changed anything. `by`: name of the staff, empty by itself; `undefined`: it is new again. */
export async function settleAnswer(scope: Scope, id: string, by?: string): Promise<boolean> {
  const done = await scope.db.raw(
    `update email.answer a set state = :state, done_by = :by, done_at = cast(:at as timestamptz)
     where a.id = :id and a.state <> :state and ${within(scope, 'a')}`,
    {
      ...{ ...boundOf(scope), id, by: by ?? null },
      ...{ state: by === undefined ? 'new' : 'done', at: by === undefined ? null : scope.now() },
    },
  );
  return done.rowCount > 0;
}

export async function findAnswer(scope: Scope, id: string): Promise<Answer | undefined> {
  if (!isId(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from email.answer a where a.id = :id and ${within(scope, 'a')}`,
    { ...boundOf(scope), id },
  );
  return found.rows[0];
}

/** The newest first; `before`: behind that one. */
export async function findAnswers(
  scope: Scope,
  asked: { state?: string; q?: string; before?: string; most: number },
): Promise<Answer[]> {
  const { state, before, most } = asked;
  const q = asked.q?.trim();
  const sought = 'a.from_address, a.from_name, a.subject, a.text';
  const found = await scope.db.raw(
    `select ${columns} from email.answer a
     where ${within(scope, 'a')} ${state ? 'and a.state = :state' : ''}
       ${before ? 'and (a.received_at, a.id) < (select b.received_at, b.id from email.answer b where b.id = :before)' : ''}
       ${q ? `and strpos(lower(concat_ws(' ', ${sought})), lower(:q)) > 0` : ''}
     order by a.received_at desc, a.id desc limit :most`,
    {
      ...{ ...boundOf(scope), most },
      ...(state && { state }),
      ...(before && { before }),
      ...(q && { q }),
    },
  );
  return found.rows;
}

export async function countNewAnswers(scope: Scope): Promise<number> {
  const found = await scope.db.raw(
    `select count(*)::int as count from email.answer a where a.state = 'new' and ${within(scope, 'a')}`,
    boundOf(scope),
  );
  return found.rows[0].count;
}

/** The newest of a thread, that what comes to one of our own answers goes on with it. */
export async function findThread(
  scope: Scope,
  thread: string,
): Promise<Pick<Answer, 'organizationId' | 'key' | 'sendId'> | undefined> {
  const found = await scope.db.raw(
    `select a.organization_id as "organizationId", a.key, a.send_id as "sendId" from email.answer a
     where a.thread = cast(:thread as uuid) and ${within(scope, 'a')} order by a.id desc limit 1`,
    { ...boundOf(scope), thread },
  );
  return found.rows[0];
}

/** Others of its thread, oldest first. */
export async function findOthersOf(
  scope: Scope,
  { id, thread }: Pick<Answer, 'id' | 'thread'>,
  most: number,
): Promise<Answer[]> {
  const found = await scope.db.raw(
    `select ${columns} from email.answer a
     where a.thread = cast(:thread as uuid) and a.id <> :id and ${within(scope, 'a')} order by a.id desc limit :most`,
    { ...boundOf(scope), thread, id, most },
  );
  return found.rows.reverse();
}
