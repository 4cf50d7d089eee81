// A list brought in: its plan, the dry run, the run, and what becomes of one that cannot go on.
import { type Fault, invalid, isAppError, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  beginCheck,
  beginImport,
  countAttempt,
  deleteImport,
  endImport,
  failImport,
  findImport,
  type ImportRow,
  reopenImport,
  reviveImport,
} from './import.sql.ts';
import { lookThrough, type Tell } from './import-check.ts';
import { importFields, isRepeatable, namesSomebody } from './import-fields.ts';
import { countReady } from './import-plan.sql.ts';
import { takeOver } from './import-run.ts';
import { clearStaged } from './stage.sql.ts';

export interface Plan {
  /** What each column is, by place; an empty text: not taken. */
  fields: readonly string[];
  /** Where the list comes from: the people in it may ask. */
  origin: string;
  relation?: string | undefined;
  tag?: string | undefined;
}

/**
 * What the dry run finds (`planImport` first, then `checkImport(scope, importId)`), and what the run then does.
 * rows = created + changed + unchanged + twins + refusedRows.
 */
export interface ImportCounts {
  rows: number;
  /** People who were not known. */
  created: number;
  /** Known, and something is added. */
  changed: number;
  /** Known, and nothing is added. */
  unchanged: number;
  /** Rows that say the same person as another row; joined into one. */
  twins: number;
  refusedRows: number;
  /** How many for each reason, a key in the locales. */
  refused: Record<string, number>;
  /** People who asked for no more mail; of all rows, refused ones too, as are the next four. */
  unsubscribed: number;
  /** People never to be contacted again in any way. */
  doNotContact: number;
  doNotCall: number;
  /** Addresses and numbers that are dead: bad or bouncing. */
  dead: number;
  /** Addresses and numbers that are stopped for any of these; of them stopped before already. */
  stopped: number;
  stoppedBefore: number;
  /** People whose list says that they agreed: "imported, no proof yet", which is no consent. */
  optIns: number;
}

/** As often as a job is tried. */
const attemptsMost = 5;

/**
 * Keeps the plan and queues the dry run; it ends in the state `checked`, with the counts. `isQueued: false`: the
 * caller runs it itself, by `checkImport`.
 */
export function planImport(
  scope: Scope,
  deps: Deps,
  importId: string,
  plan: Plan,
  { isQueued = true } = {},
): Promise<void> {
  return beginPlan(scope, deps, importId, plan, { isWanted: false, isQueued });
}

/** Runs what was looked at; with a plan, the dry run goes before and nobody is asked in between. */
export async function startImport(
  scope: Scope,
  deps: Deps,
  importId: string,
  plan?: Plan,
): Promise<void> {
  if (plan) return beginPlan(scope, deps, importId, plan, { isWanted: true, isQueued: true });
  demandLawful(scope);
  await scope.write(async (own) => {
    if ((await beginImport(own, importId)) === 0) throw notFound('import', importId);
    await queue(own, deps, importId);
  });
}

/** Staff have said so in the form or on the command line: the origin is kept beside. */
function demandLawful(scope: Scope): void {
  scope.law.demand({ capability: 'import.external', met: ['origin.lawful'] });
}

async function beginPlan(
  scope: Scope,
  deps: Deps,
  importId: string,
  plan: Plan,
  { isWanted, isQueued }: { isWanted: boolean; isQueued: boolean },
): Promise<void> {
  checkFields(plan.fields);
  demandLawful(scope);
  const { fields, origin, relation = null, tag = null } = plan;
  await scope.write(async (own) => {
    const begun = await beginCheck(own, importId, { fields, origin, relation, tag, isWanted });
    if (begun === 0) throw notFound('import', importId);
    await deps.audit.record(own, {
      act: isWanted ? 'import.started' : 'import.planned',
      subject: { type: 'import', id: importId },
      details: { origin, fields, relation, tag },
    });
    if (isQueued) await queue(own, deps, importId);
  });
}

function queue(scope: Scope, deps: Deps, importId: string): Promise<void> {
  return deps.jobs.add(scope, 'import', { importId }, { key: `people.import.${importId}` });
}

function checkFields(fields: readonly string[]): void {
  const used = fields.filter((field) => field !== '');
  const single = used.filter((field) => !isRepeatable(field));
  const isKnown = used.every((field) => (importFields as readonly string[]).includes(field));
  const faults: Fault[] = [];
  if (new Set(single).size < single.length)
    faults.push({ path: '/field', message: 'people.fault.column-twice' });
  if (!isKnown || !used.some(namesSomebody))
    faults.push({ path: '/field', message: 'people.fault.no-column' });
  if (faults.length > 0) throw invalid(faults);
}

/** The dry run to its end: in a job, on the command line, in a test. Nothing of anybody is kept by it. */
export async function checkImport(
  scope: Scope,
  importId: string,
  tell: Tell = () => {},
): Promise<ImportCounts> {
  const found = await findImport(scope, importId);
  if (!found) throw notFound('import', importId);
  const counts = found.state === 'checking' ? await lookThrough(scope, found, tell) : found.counts;
  if (!counts) throw notFound('import', importId);
  return counts;
}

/** What is due of it, check or run, from where it was cut off; `tell` hears how many rows are done. */
export async function runImport(
  scope: Scope,
  deps: Deps,
  importId: string,
  tell: Tell = () => {},
): Promise<void> {
  const attempts = await scope.aside((own) => countAttempt(own, importId));
  try {
    if (attempts > attemptsMost) throw new Error('The import ended its process each time.');
    await goOn(scope, deps, importId, tell);
  } catch (error) {
    const isFinal = isAppError(error) || attempts >= attemptsMost;
    if (isFinal) await scope.aside((own) => failImport(own, importId, reasonOf(error)));
    throw error;
  }
}

async function goOn(scope: Scope, deps: Deps, importId: string, tell: Tell): Promise<void> {
  const found = await findImport(scope, importId);
  if (found?.state === 'checking') {
    if (!(await holdsRows(scope, found))) return;
    await lookThrough(scope, found, tell);
    return found.isWanted ? goOn(scope, deps, importId, tell) : undefined;
  }
  if (found?.state === 'checked' && found.isWanted) {
    demandLawful(scope);
    await scope.write((own) => beginImport(own, importId));
    return goOn(scope, deps, importId, tell);
  }
  if (found?.state !== 'running') return;
  demandLawful(scope);
  if (!(await holdsRows(scope, found)) || !(await takeOver(scope, deps, found, tell))) return;
  await scope.write(async (own) => {
    if ((await endImport(own, importId)) === 0) return;
    await clearStaged(own, importId);
    const ended = await findImport(own, importId);
    const people = (ended?.createdPeople ?? 0) + (ended?.updatedPeople ?? 0);
    await deps.events.emit(own, 'people.imported', { importId, people });
  });
}

/** Staging is not written through to the disk: after a power cut it is empty, and then it must be said. */
async function holdsRows(scope: Scope, found: ImportRow): Promise<boolean> {
  const { staged, ready } = await countReady(scope, found.id);
  const isWhole =
    staged === found.rows && (found.state === 'checking' || ready === found.readyRows);
  if (!isWhole) {
    await scope.aside((own) => failImport(own, found.id, 'people.import.fault.lost'));
  }
  return isWhole;
}

function reasonOf(error: unknown): string {
  const isFull = (error as { code?: string }).code === '53100';
  if (isFull) return 'people.import.fault.disk-full';
  const isDenied = isAppError(error) && error.code.startsWith('law');
  return isDenied ? 'people.import.denied' : 'people.import.fault.broke-off';
}

/** The columns may be chosen anew; what the check found is dropped. */
export async function reopen(scope: Scope, importId: string): Promise<void> {
  await scope.write((own) => reopenImport(own, importId));
}

/** One that failed, or that nobody works on any more, goes on where it was. */
export async function resumeImport(scope: Scope, deps: Deps, importId: string): Promise<void> {
  await scope.write(async (own) => {
    if (await reviveImport(own, importId)) await queue(own, deps, importId);
  });
}

export async function discardImport(scope: Scope, importId: string): Promise<void> {
  await scope.write(async (own) => {
    if ((await deleteImport(own, importId)) > 0) await clearStaged(own, importId);
  });
}
