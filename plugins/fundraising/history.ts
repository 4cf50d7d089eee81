// Gifts from before Rostra: a file is kept, its columns told, and it is brought in; each gift once, however often it comes.
import { invalid, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  findHistory,
  type History,
  type HistoryPlan,
  moveHistory,
  updatePlan,
} from './history.sql.ts';
import { historyFields } from './history-fields.ts';
import { stageHistory } from './history-file.ts';
import { unjudgeRows } from './history-row.sql.ts';
import { demandOffice } from './office.ts';
import { demandOpen } from './recipient.ts';

/** Answers the history's id. */
export function keepFile(
  scope: Scope,
  deps: Deps,
  recipientId: string,
  file: { path: string; name: string },
): Promise<string> {
  return scope.write(async (own) => {
    const { closedAt } = await demandOffice(own, recipientId, 'record');
    demandOpen(closedAt, recipientId);
    const id = await stageHistory(own, deps, recipientId, file);
    await note(own, deps, 'kept', id);
    return id;
  });
}

/** Keeps what the columns are, and queues the dry run. Nothing of anybody is kept by it. */
export function planHistory(
  scope: Scope,
  deps: Deps,
  id: string,
  plan: HistoryPlan,
): Promise<void> {
  checkFields(plan.fields);
  return scope.write(async (own) => {
    const { recipientId } = await demandHistory(own, id);
    await demandOffice(own, recipientId, 'record');
    if (!(await moveHistory(own, id, ['staged', 'checked'], 'checking'))) return;
    await updatePlan(own, id, plan);
    await unjudgeRows(own, id);
    await queue(own, deps, id);
  });
}

/** Brings in what the dry run found to be new. */
export function startHistory(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const { recipientId } = await demandHistory(own, id);
    const { closedAt } = await demandOffice(own, recipientId, 'record');
    demandOpen(closedAt, recipientId);
    if (!(await moveHistory(own, id, ['checked'], 'running'))) return;
    await note(own, deps, 'started', id);
    await queue(own, deps, id);
  });
}

/** Of one that was cut off: goes on where it stood. */
export function resumeHistory(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const { recipientId } = await demandHistory(own, id);
    await demandOffice(own, recipientId, 'record');
    await queue(own, deps, id);
  });
}

function queue(scope: Scope, deps: Deps, historyId: string): Promise<void> {
  return deps.jobs.add(
    scope,
    'history',
    { historyId },
    { key: `fundraising.history.${historyId}` },
  );
}

function checkFields(fields: readonly string[]): void {
  const used = fields.filter(Boolean);
  const fault = (message: string) => invalid([{ path: '/field', message }]);
  if (!used.every((field) => (historyFields as readonly string[]).includes(field))) {
    throw fault('fundraising.history.fault.column');
  }
  const has = (...names: string[]) => names.some((name) => used.includes(name));
  const isWhole =
    has('amount', 'amountCents') &&
    has('givenOn') &&
    has('email', 'familyName', 'fullName', 'legalName');
  if (!isWhole) throw fault('fundraising.history.fault.columns.missing');
}

export async function demandHistory(scope: Scope, id: string): Promise<History> {
  const found = await findHistory(scope, id);
  if (!found) throw notFound('history', id);
  return found;
}

function note(scope: Scope, deps: Deps, verb: string, id: string): Promise<void> {
  return deps.audit.record(scope, { act: `history.${verb}`, subject: { type: 'history', id } });
}
