// The dry run: every row of the file brought into form, twins joined, everybody looked up, nothing kept.
import type { Scope } from 'rostra/plugin';
import { claimCheck, endCheck, findImport, holdCheck, type ImportRow } from './import.sql.ts';
import type { ImportCounts } from './import.ts';
import {
  countVerdicts,
  judgeBatch,
  keepVerdicts,
  matchBatch,
  openBatch,
  type Verdicts,
} from './import-batch.sql.ts';
import { dateOrdersOf } from './import-dates.ts';
import { findKnown, type Known, type Reading, takeBackKnown } from './import-known.sql.ts';
import {
  analyzeReady,
  countRefused,
  countStops,
  findStretches,
  type Stretch,
} from './import-plan.sql.ts';
import { makeRowReader, type ReadRow } from './import-row.ts';
import {
  findOtherNames,
  foldTwins,
  labelByEmail,
  labelByName,
  labelByPerson,
} from './import-twin.sql.ts';
import {
  clearReady,
  copyReady,
  copyStops,
  findStagedCells,
  insertRefused,
  type StagedCells,
  type Stop,
} from './stage.sql.ts';

const batchSize = 2_000;
const stretchSize = 20_000;

export type Tell = (done: number, of: number) => void;

/** Thrown when another check of the same file began meanwhile. */
class Overtaken extends Error {}

type Wished = Pick<ImportCounts, 'unsubscribed' | 'doNotContact' | 'doNotCall' | 'optIns'>;

/** Answers `undefined` when another check began meanwhile: then that one counts. */
export async function lookThrough(
  scope: Scope,
  planned: ImportRow,
  tell: Tell = () => {},
): Promise<ImportCounts | undefined> {
  const version = await scope.write((own) => claimCheck(own, planned.id));
  if (version === undefined) return undefined;
  const found = { ...planned, version };
  try {
    await scope.write((own) => clearReady(own, found.id));
    const { wished, knownRows } = await readFile(scope, found, tell);
    await scope.write((own) => judge(own, found, { wished, knownRows }));
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
  }
  return (await findImport(scope, found.id))?.counts ?? undefined;
}

/** Rows that are known are passed over, unless others turn out to speak of the same people. */
async function readFile(
  scope: Scope,
  found: ImportRow,
  tell: Tell,
): Promise<{ wished: Wished; knownRows: number }> {
  const orders = await dateOrdersOf(scope, { ...found, fields: found.fields ?? [] });
  const reader = makeRowReader(scope, found, orders);
  const { id: importId, version } = found;
  const reading = { importId, version, width: found.columns.length, ...reader };
  const wished: Wished = { unsubscribed: 0, doNotContact: 0, doNotCall: 0, optIns: 0 };
  const known = current(await scope.write((own) => findKnown(own, reading)));
  const read = (which: Known) => readRows(scope, found, { reader, reading, wished, which, tell });
  await read(known);
  if (known.knownRows === 0 || known.knownRows === found.rows) {
    return { wished: withAgreed(wished, known.agreed), knownRows: known.knownRows };
  }
  const back = current(await scope.write((own) => takeBackKnown(own, reading)));
  await read(back);
  return { wished: withAgreed(wished, known.agreed - back.agreed), knownRows: back.knownRows };
}

function current(known: Known | undefined): Known {
  if (!known) throw new Overtaken();
  return known;
}

const withAgreed = (wished: Wished, agreed: number): Wished => ({
  ...wished,
  optIns: wished.optIns + agreed,
});

interface Pass {
  reader: ReturnType<typeof makeRowReader>;
  reading: Reading;
  wished: Wished;
  which: Known;
  tell: Tell;
}

async function readRows(
  scope: Scope,
  found: ImportRow,
  { reader, reading, wished, which, tell }: Pass,
): Promise<void> {
  let done = which.knownRows;
  for await (const rows of readAhead(scope, which, reading)) {
    await scope.write(async (own) => {
      if ((await holdCheck(own, found, done + rows.length)) === 0) throw new Overtaken();
      await keep(own, found, readEach(rows, reader, wished));
    });
    done += rows.length;
    tell(done, found.rows);
  }
}

/** The next rows come while those at hand are written. */
async function* readAhead(
  scope: Scope,
  { which }: Known,
  reading: Reading,
): AsyncGenerator<StagedCells[]> {
  const part = { most: batchSize, which };
  const stretches = await findStretches(scope, reading.importId, 'import_staging', part);
  const read = (at: number) => {
    const stretch = stretches[at];
    const rows = stretch && findStagedCells(scope, stretch, { which, reading });
    // Heard where it is waited for, which may be after it failed.
    rows?.catch(() => {});
    return rows;
  };
  let next = read(0);
  for (let at = 1; next; at += 1) {
    const rows = await next;
    next = read(at);
    yield rows;
  }
}

function* readEach(
  rows: readonly StagedCells[],
  reader: ReturnType<typeof makeRowReader>,
  wished: Wished,
): Iterable<ReadRow> {
  for (const row of rows) {
    const read = reader.read(row);
    const { wishes } = read;
    if (wishes.isUnsubscribed) wished.unsubscribed += 1;
    if (wishes.isNotContacted) wished.doNotContact += 1;
    if (wishes.isNotCalled) wished.doNotCall += 1;
    if (wishes.hasAgreed) wished.optIns += 1;
    yield read;
  }
}

async function keep(scope: Scope, found: ImportRow, read: Iterable<ReadRow>): Promise<void> {
  const refused: { line: number; reason: string }[] = [];
  const stops: Stop[] = [];
  function* ready() {
    for (const row of read) {
      stops.push(...row.stops);
      if (row.fault) refused.push({ line: row.line, reason: row.fault });
      if (row.ready) yield row.ready;
    }
  }
  await copyReady(scope, found.id, ready());
  await copyStops(scope, found.id, stops);
  await insertRefused(scope, found.id, refused);
}

/** In stretches, as the run goes: what is quick for some thousands stays quick for millions. */
async function inStretches(
  scope: Scope,
  importId: string,
  act: (stretch: Stretch) => Promise<void>,
): Promise<void> {
  for (const stretch of await findStretches(scope, importId, 'import_ready', {
    most: stretchSize,
  })) {
    await openBatch(scope, stretch, ['twin']);
    await act(stretch);
  }
}

async function judgeAll(scope: Scope, importId: string): Promise<Verdicts> {
  const all: Verdicts = { new: 0, changed: 0, unchanged: 0, twin: 0, refused: 0 };
  await inStretches(scope, importId, async (stretch) => {
    await matchBatch(scope);
    await judgeBatch(scope, importId);
    await keepVerdicts(scope, stretch);
    const some = await countVerdicts(scope, stretch, ['twin']);
    for (const verdict of Object.keys(all) as (keyof Verdicts)[]) all[verdict] += some[verdict];
  });
  return all;
}

/** Twins first, so that each person is looked up once; then those whom the list names twice by other addresses. */
async function judge(
  scope: Scope,
  found: ImportRow,
  { wished, knownRows }: { wished: Wished; knownRows: number },
): Promise<void> {
  const { id: importId } = found;
  if ((await holdCheck(scope, found, found.rows)) === 0) throw new Overtaken();
  await analyzeReady(scope);
  await labelByEmail(scope, importId);
  const others = await findOtherNames(scope, importId);
  const reason = 'people.import.fault.other-name';
  await insertRefused(
    scope,
    importId,
    others.map((line) => ({ line, reason })),
  );
  await labelByName(scope, importId);
  await foldTwins(scope, importId);
  let verdicts = await judgeAll(scope, importId);
  if ((await labelByPerson(scope, importId)) > 0) {
    await foldTwins(scope, importId);
    verdicts = await judgeAll(scope, importId);
  }
  const refused = await countRefused(scope, importId);
  if (verdicts.refused > 0) refused['people.fault.known-elsewhere'] = verdicts.refused;
  const counts: ImportCounts = {
    rows: found.rows,
    created: verdicts.new,
    changed: verdicts.changed,
    unchanged: verdicts.unchanged + knownRows,
    twins: verdicts.twin,
    refusedRows: Object.values(refused).reduce((sum, each) => sum + each, 0),
    refused,
    ...wished,
    ...(await countStops(scope, importId)),
  };
  const readyRows = Object.values(verdicts).reduce((sum, each) => sum + each, 0);
  await endCheck(scope, found, { counts, readyRows });
}
