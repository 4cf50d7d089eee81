// The journal of erasures and noes beside the archives: what a restored backup must not bring back.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../database/connect.ts';
import { addJob } from '../jobs/jobs.sql.ts';
import { jobTask } from '../jobs/task.ts';
import type { Scope } from '../scope.ts';
import { findErasures, insertErasure } from './backup.sql.ts';

/** A number and a time: says nothing of anybody. */
export interface Erasure {
  at: Date;
  personId: string;
  /** Set for a merge: the record went on as that one. */
  mergedInto?: string;
  /** Set where the person was not erased, but said no to something. */
  no?: No;
}
/** In the plugin's own words, without a space. */
export interface No {
  plugin: string;
  said: string;
}

export const erasuresJob = 'write-erasures';
export const journalName = 'erasures.log';

/** In the transaction of the erasure or merge; a job writes it beside the archives once that is committed. */
export async function writeDown(
  scope: Scope,
  personId: string,
  more: Pick<Erasure, 'mergedInto' | 'no'> = {},
): Promise<void> {
  await insertErasure(scope.db, { at: scope.now(), personId, ...more });
  const organizationId = scope.organization.id;
  await addJob(scope.db, jobTask('core', erasuresJob), { organizationId }, { key: erasuresJob });
}

/** Writes down what the journal of this folder does not have yet. */
export async function writeErasures(db: Db, folder: string): Promise<void> {
  const file = join(folder, journalName);
  const known = await readFile(file, 'utf8').catch(() => '');
  const lines = new Set(known.split('\n'));
  const fresh = (await findErasures(db)).map(lineOf).filter((line) => !lines.has(line));
  if (fresh.length === 0) return;
  // A line that was cut off stays alone, and is not read: half a number would be somebody else's.
  const isWhole = known === '' || known.endsWith('\n');
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.write(`${isWhole ? '' : ' cut off\n'}${[...new Set(fresh)].join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function readErasures(file: string): Promise<Erasure[]> {
  const text = await readFile(file, 'utf8');
  const whole = text.split('\n').slice(0, -1);
  return whole.flatMap((line) => {
    const [, at = '', personId = '', mergedInto, plugin = '', said] =
      /^(\S+Z) (\w[\w-]*)(?: into (\w[\w-]*)| no ([\w-]+) ([!-~]+))?$/.exec(line) ?? [];
    const time = new Date(at);
    if (Number.isNaN(time.getTime())) return [];
    return [{ at: time, personId, mergedInto, ...(said && { no: { plugin, said } }) }];
  });
}

function lineOf({ at, personId, mergedInto, no }: Erasure): string {
  const rest = mergedInto ? ` into ${mergedInto}` : no ? ` no ${no.plugin} ${no.said}` : '';
  return `${at.toISOString()} ${personId}${rest}`;
}

/** Who was erased since, and whose record had been merged into theirs: in the backup these still stand alone. */
export function erasedSince(journal: readonly Erasure[], since: Date): string[] {
  const later = journal.filter(({ at }) => at >= since);
  const erased = later.filter((one) => !one.mergedInto && !one.no).map((one) => one.personId);
  return withMerged(mergesIn(later), erased);
}

/** What people said no to since, in that order, for each record that was to become theirs. */
export function noesSince(
  journal: readonly Erasure[],
  since: Date,
): { personId: string; no: No }[] {
  const later = journal.filter(({ at }) => at >= since);
  const merges = mergesIn(later);
  return later.flatMap(({ personId, no }) =>
    no ? withMerged(merges, [personId]).map((each) => ({ personId: each, no })) : [],
  );
}

function mergesIn(later: readonly Erasure[]): Erasure[] {
  return later.filter((one) => one.mergedInto).reverse();
}

function withMerged(merges: readonly Erasure[], people: readonly string[]): string[] {
  const all = new Set(people);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const { personId, mergedInto = '' } of merges) {
      if (all.has(mergedInto)) all.add(personId);
    }
  }
  return [...all];
}
