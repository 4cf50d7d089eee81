// What staff wrote back: each a row before it goes to the outbox, once.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface Reply {
  id: string;
  answerId: string;
  author: string;
  text: string;
  state: 'ready' | 'sent' | 'refused';
  /** When it may leave, where that is later. */
  dueAt: Date | null;
  createdAt: Date;
}

const columns = `r.id, r.answer_id as "answerId", r.author, r.text, r.state, r.due_at as "dueAt", r.created_at as "createdAt"`;

/** To an answer that was found within the bound before: its organization's. */
export async function insertReply(
  scope: Scope,
  answerId: string,
  { author, text, dueAt }: Pick<Reply, 'author' | 'text' | 'dueAt'>,
): Promise<string> {
  const made = await scope.db.raw(
    `insert into email.reply (organization_id, answer_id, author, text, due_at, created_at)
     select a.organization_id, a.id, :author, :text, cast(:dueAt as timestamptz), :now from email.answer a where a.id = :answerId
     returning id`,
    { answerId, author, text, dueAt, now: scope.now() },
  );
  return made.rows[0].id;
}

/** One that waits, of the scope's organization or one below; to the end of the transaction nobody else has it. */
export async function lockReply(scope: Scope, id: string): Promise<Reply | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from email.reply r
     where r.id = :id and r.state = 'ready' and ${within(scope, 'r')} for update of r`,
    { ...boundOf(scope), id },
  );
  return found.rows[0];
}

export async function settleReply(
  scope: Scope,
  id: string,
  end: { state: 'sent' | 'refused' } | { dueAt: Date },
): Promise<void> {
  const isLater = 'dueAt' in end;
  await scope.db.raw(
    `update email.reply r set ${isLater ? 'due_at = :dueAt' : 'state = :state, settled_at = :now, due_at = null'}
     where r.id = :id and r.state = 'ready' and ${within(scope, 'r')}`,
    { ...boundOf(scope), id, ...end },
  );
}

/** To these answers, oldest first. */
export async function findReplies(scope: Scope, answerIds: readonly string[]): Promise<Reply[]> {
  const found = await scope.db.raw(
    `select ${columns} from email.reply r
     where r.answer_id = any (cast(:answerIds as bigint[])) and ${within(scope, 'r')} order by r.id`,
    { ...boundOf(scope), answerIds: [...answerIds] },
  );
  return found.rows;
}

/** After a restore nobody knows which of them went out since. */
export async function dropReplies(scope: Scope): Promise<void> {
  await scope.db.raw(
    `update email.reply set state = 'refused', settled_at = :now, due_at = null
     where organization_id = :organizationId and state = 'ready'`,
    { organizationId: scope.organization.id, now: scope.now() },
  );
}
