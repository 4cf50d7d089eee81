// The run: what the dry run promised, batch by batch, each one whole transaction.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { holdRun, type ImportRow, type Progress, recordBatch } from './import.sql.ts';
import type { Tell } from './import-check.ts';
import { insertNew } from './import-new.sql.ts';
import {
  countVerdicts,
  findStretches,
  holdMatched,
  judgeBatch,
  lineMost,
  matchBatch,
  openBatch,
  type Stretch,
  settled,
} from './import-plan.sql.ts';
import {
  findStoppedEmails,
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

/** Goes on where it was cut off; `tell` hears how many rows are done. Answers false when it was ended meanwhile. */
export async function takeOver(
  scope: Scope,
  deps: Pick<Deps, 'mail'>,
  found: ImportRow,
  tell: Tell,
): Promise<boolean> {
  const stretches = await findStretches(scope, found.id, 'import_ready', batchSize);
  const next = (atLine: number): Stretch => {
    const upTo = stretches.find((one) => one.upTo > atLine)?.upTo ?? lineMost;
    return { importId: found.id, after: atLine, upTo };
  };
  for (;;) {
    const turn = await takeBatch(scope, deps, found, next);
    if (!turn) return false;
    tell(turn.doneRows, found.rows);
    if (turn.atLine === lineMost) return true;
  }
}

/** What is next after a line. */
type Next = (atLine: number) => Stretch;

async function takeBatch(
  scope: Scope,
  deps: Pick<Deps, 'mail'>,
  found: ImportRow,
  next: Next,
): Promise<Progress | undefined> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await scope.write((own) => writeBatch(own, deps, found, next));
    } catch (error) {
      if (!isCrossed(error) || turn === triesMost) throw error;
    }
  }
}

/** Somebody signed up or was erased under our hands: looked up again, it fits. */
class Crossed extends Error {}
const deadlock = '40P01';

function isCrossed(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return (
    error instanceof Crossed || code === deadlock || constraint === 'email_address_address_key'
  );
}

/** Two workers on the same import do its batches in turn, each once. */
async function writeBatch(
  scope: Scope,
  { mail }: Pick<Deps, 'mail'>,
  { id, origin }: ImportRow,
  next: Next,
): Promise<Progress | undefined> {
  await holdTurn(scope);
  const atLine = await holdRun(scope, id);
  if (atLine === undefined) return undefined;
  const stretch = next(atLine);
  await placePeople(scope, id, stretch);
  const {
    new: created,
    changed,
    unchanged,
    twin,
    refused,
  } = await countVerdicts(scope, stretch, settled);
  await insertTags(scope);
  if (created > 0) await insertNew(scope, id, origin ?? '');
  if (changed > 0) await completePeople(scope, id, origin ?? '');
  await insertStops(scope, stretch);
  await mail.takeBack(scope, await findStoppedEmails(scope, stretch));
  if (refused > 0) await refuseHidden(scope, id);
  const counts = { created, changed, unchanged, twins: twin, refused };
  return recordBatch(scope, id, { atLine: stretch.upTo, ...counts });
}

/**
 * Looks again at each row, since days may lie between the dry run and the run; of whom it was said that nothing is
 * added, nothing is.
 */
async function placePeople(scope: Scope, importId: string, stretch: Stretch): Promise<void> {
  await openBatch(scope, stretch, settled);
  await matchBatch(scope);
  if ((await holdMatched(scope)) > 0) throw new Crossed();
  await judgeBatch(scope, importId, { isNumbered: true });
}

async function completePeople(scope: Scope, importId: string, origin: string): Promise<void> {
  await insertEmailAddresses(scope, importId);
  await insertAdditions(scope, importId);
  await insertTaggings(scope, importId);
  await tellPeople(scope, importId, origin);
}
