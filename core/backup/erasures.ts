// The journal of erasures beside the archives: what a restored backup must not bring back.
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
}

export const erasuresJob = 'write-erasures';
export const journalName = 'erasures.log';

/** In the transaction of the erasure or merge; a job writes it beside the archives once that is committed. */
export async function noteErasure(scope: Scope, personId: string, mergedInto?: string) {
  await insertErasure(scope.db, { at: scope.now(), personId, mergedInto });
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
  // A line that was cut off stays alone, and is not read.
  const isWhole = known === '' || known.endsWith('\n');
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.write(`${isWhole ? '' : '\n'}${[...new Set(fresh)].join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function readErasures(file: string): Promise<Erasure[]> {
  const text = await readFile(file, 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, at = '', personId = '', mergedInto] =
      /^(\S+Z) (\w[\w-]*)(?: into (\w[\w-]*))?$/.exec(line) ?? [];
    const time = new Date(at);
    return Number.isNaN(time.getTime()) ? [] : [{ at: time, personId, mergedInto }];
  });
}

function lineOf({ at, personId, mergedInto }: Erasure): string {
  return `${at.toISOString()} ${personId}${mergedInto ? ` into ${mergedInto}` : ''}`;
}

/** Who was erased since, and whose record had been merged into theirs: in the backup these still stand alone. */
export function erasedSince(journal: readonly Erasure[], since: Date): string[] {
  const later = journal.filter(({ at }) => at >= since);
  const erased = new Set(later.filter((one) => !one.mergedInto).map((one) => one.personId));
  const merges = later.filter((one) => one.mergedInto).reverse();
  for (let size = -1; size !== erased.size; ) {
    size = erased.size;
    for (const { personId, mergedInto = '' } of merges) {
      if (erased.has(mergedInto)) erased.add(personId);
    }
  }
  return [...erased];
}
