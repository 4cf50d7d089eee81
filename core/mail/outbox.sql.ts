// The outbox as the admin shows and mends it.
import type { Scope } from '../scope.ts';
import type { MailState } from './mail.sql.ts';

export interface OutboxRow {
  id: string;
  organizationId: string;
  state: MailState;
  to: string;
  subject: string;
  createdAt: Date;
  settledAt: Date | null;
}

const listed = {
  id: 'id',
  organizationId: 'organization_id',
  state: 'state',
  to: 'to_address',
  subject: 'subject',
  createdAt: 'created_at',
  settledAt: 'settled_at',
};

/** The scope's messages, newest first, older than the id `before`. */
export async function findOutbox(
  scope: Scope,
  filter: { state?: string; before?: string; limit: number },
): Promise<OutboxRow[]> {
  const query = scope.db('core.outbox').select(listed).orderBy('id', 'desc').limit(filter.limit);
  if (scope.bound) query.whereIn('organization_id', [...scope.bound]);
  if (filter.state) query.whereIn('state', statesOf(filter.state));
  if (filter.before) query.where('id', '<', filter.before);
  return query;
}

/** For the reader what is claimed or handed is under way like what waits. */
export function statesOf(filter: string): string[] {
  return filter === 'waiting' ? ['ready', 'claimed', 'handed'] : [filter];
}

export type OutboxMail = OutboxRow & {
  html: string;
  text: string;
  view: string;
  /** Its body opens something to whoever reads it. */
  holdsKey: boolean;
  bulk: boolean;
  locale: string;
  attempts: number;
  answer: string | null;
  dueAt: Date;
};

export async function findOutboxMail(scope: Scope, id: string): Promise<OutboxMail | undefined> {
  const query = scope
    .db('core.outbox')
    .select({ ...listed, dueAt: 'due_at', holdsKey: 'holds_key' })
    .select('html', 'text', 'view', 'locale', 'attempts', 'answer', 'bulk')
    .where({ id });
  if (scope.bound) query.whereIn('organization_id', [...scope.bound]);
  return query.first();
}

/** Sent once more by the will of a member of staff; answers whether it could be. */
export async function releaseMail(scope: Scope, id: string): Promise<boolean> {
  const query = scope
    .db('core.outbox')
    .where({ id })
    .whereIn('state', ['ready', 'refused', 'unknown']);
  if (scope.bound) query.whereIn('organization_id', [...scope.bound]);
  const count = await query.update({
    state: 'ready',
    holder: null,
    attempts: 0,
    answer: null,
    due_at: scope.now(),
    settled_at: null,
  });
  return count > 0;
}

/** Taken out unless it is being sent. */
export async function deleteMail(scope: Scope, id: string): Promise<boolean> {
  const query = scope.db('core.outbox').where({ id }).whereNotIn('state', ['claimed', 'handed']);
  if (scope.bound) query.whereIn('organization_id', [...scope.bound]);
  return (await query.delete()) > 0;
}
