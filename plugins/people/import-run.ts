// The run: what the dry run promised, batch by batch, each one whole transaction.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { holdRun, type ImportRow, type Progress, recordBatch } from './import.sql.ts';
import {
  countVerdicts,
  holdMatched,
  judgeBatch,
  matchBatch,
  openBatch,
  settled,
  type Verdicts,
} from './import-batch.sql.ts';
import type { Tell } from './import-check.ts';
import { insertNew } from './import-new.sql.ts';
import { findStretches, lineMost, type Stretch } from './import-plan.sql.ts';
import {
  awaitPlace,
  findStoppedEmails,
  holdPlace,
  holdTurn,
  insertAdditions,
  insertEmailAddresses,
  insertStops,
  insertTaggings,
  insertTags,
  refuseHidden,
  tellPeople,
} from './import-run.sql.ts';

const batchSize = 5_000;
const triesMost = 5;
/** Batches at once: one more would wait for the same disk and processors. */
const handsMost = 2;

/** Goes on where it was cut off; `tell` hears how many rows are done. Answers false when it was ended meanwhile. */
export async function takeOver(
  scope: Scope,
  deps: Pick<Deps, 'mail'>,
  found: ImportRow,
  tell: Tell,
): Promise<boolean> {
  await scope.write((own) => insertTags(own, found.id, found.atLine));
  const stretches = await findStretches(scope, found.id, 'import_ready', { most: batchSize });
  const next = (atLine: number): Stretch => {
    const upTo = stretches.find((one) => one.upTo > atLine)?.upTo ?? lineMost;
    return { importId: found.id, after: atLine, upTo };
  };
  const run: Run = {
    scope,
    deps,
    found,
    next,
    tell,
    begun: { ...next(found.atLine), upTo: found.atLine },
  };
  const hands = await Promise.allSettled(Array.from({ length: handsMost }, () => takeTurns(run)));
  for (const hand of hands) if (hand.status === 'rejected') throw hand.reason;
  for (;;) {
    const turn = await takeBatch(run);
    if (!turn) return false;
    if (turn.atLine === lineMost) return true;
  }
}

interface Run {
  scope: Scope;
  deps: Pick<Deps, 'mail'>;
  found: ImportRow;
  /** What is next after a line. */
  next: (atLine: number) => Stretch;
  tell: Tell;
  /** The batch that was begun last. */
  begun: Stretch;
}

/** Begins batch after batch, each while the one before is still written; they commit in order. */
async function takeTurns(run: Run): Promise<void> {
  while (run.begun.upTo !== lineMost) {
    const before = run.begun;
    run.begun = run.next(before.upTo);
    try {
      const turn = await takeBatch(run, { stretch: run.begun, before });
      if (turn) run.tell(turn.doneRows, run.found.rows);
    } catch (error) {
      run.begun = { ...run.begun, upTo: lineMost };
      throw error;
    }
  }
}

interface Ahead {
  stretch: Stretch;
  before: Stretch;
}

/** Ahead of its turn first; if that does not fit, in its turn. */
async function takeBatch(run: Run, ahead?: Ahead): Promise<Progress | undefined> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await run.scope.write((own) =>
        ahead && turn === 1 ? writeAhead(own, run, ahead) : writeBatch(own, run),
      );
    } catch (error) {
      if (!isCrossed(error) || turn === triesMost) throw error;
    }
  }
}

/** Somebody signed up or was erased under our hands, or the batch before did not come about: looked up again, it fits. */
class Crossed extends Error {}
const deadlock = '40P01';

function isCrossed(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return (
    error instanceof Crossed || code === deadlock || constraint === 'email_address_address_key'
  );
}

/** Two workers on the same import do its batches in turn, each once. */
async function writeBatch(scope: Scope, run: Run): Promise<Progress | undefined> {
  const { id } = run.found;
  await holdTurn(scope);
  const atLine = await holdRun(scope, id);
  if (atLine === undefined) return undefined;
  const stretch = run.next(atLine);
  const verdicts = await writePeople(scope, run, stretch);
  return endBatch(scope, run, stretch, verdicts);
}

/** What only this batch touches is written beside the one before; all else when that one has committed. */
async function writeAhead(
  scope: Scope,
  run: Run,
  { stretch, before }: Ahead,
): Promise<Progress | undefined> {
  const { id } = run.found;
  await holdPlace(scope, id, stretch.after);
  const verdicts = await writePeople(scope, run, stretch);
  await awaitPlace(scope, id, before.after);
  await holdTurn(scope);
  const atLine = await holdRun(scope, id);
  if (atLine === undefined) return undefined;
  if (atLine !== stretch.after) throw new Crossed();
  return endBatch(scope, run, stretch, verdicts);
}

async function writePeople(scope: Scope, { found }: Run, stretch: Stretch): Promise<Verdicts> {
  const { id, origin } = found;
  await placePeople(scope, id, stretch);
  const verdicts = await countVerdicts(scope, stretch, settled);
  if (verdicts.new > 0) await insertNew(scope, id, origin ?? '');
  if (verdicts.changed > 0) await completePeople(scope, id, origin ?? '');
  return verdicts;
}

async function endBatch(
  scope: Scope,
  { deps, found }: Run,
  stretch: Stretch,
  verdicts: Verdicts,
): Promise<Progress> {
  await insertStops(scope, stretch);
  await deps.mail.takeBack(scope, await findStoppedEmails(scope, stretch));
  if (verdicts.refused > 0) await refuseHidden(scope, found.id);
  const { new: created, changed, unchanged, twin: twins, refused } = verdicts;
  return recordBatch(scope, found.id, {
    atLine: stretch.upTo,
    ...{ created, changed, unchanged, twins, refused },
  });
}

/**
 * Looks again at each row, since days may lie between the dry run and the run; of whom it was said that nothing is
 * added, nothing is.
 */
async function placePeople(scope: Scope, importId: string, stretch: Stretch): Promise<void> {
  await openBatch(scope, stretch, settled, { isNumbered: true });
  await matchBatch(scope);
  if ((await holdMatched(scope)) > 0) throw new Crossed();
  await judgeBatch(scope, importId);
}

async function completePeople(scope: Scope, importId: string, origin: string): Promise<void> {
  await insertEmailAddresses(scope, importId);
  await insertAdditions(scope, importId);
  await insertTaggings(scope, importId);
  await tellPeople(scope, importId, origin);
}
