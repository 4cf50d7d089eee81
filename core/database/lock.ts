// The lock on the data folder: one owner at a time, and a dead owner's lock is taken over.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess } from './process.ts';

export interface Lock {
  release(): void;
}

/** The lock, or the number of the living process that holds it. */
export function takeLock(folder: string): Lock | number {
  const file = join(folder, 'rostra.lock');
  const mine = `${process.pid} ${findProcess(process.pid)?.since}\n`;
  for (let attempt = 0; attempt < 10; attempt++) {
    if (writeNew(file, mine)) return { release: () => release(file, mine) };
    const held = read(file);
    if (held === undefined) continue;
    const owner = livingOwner(held);
    if (owner) return owner;
    removeStale(file, held);
  }
  throw new Error(`The lock ${file} cannot be taken.`);
}

/** The living owner's number; another thread of this process counts, so does this one. */
export function ownerOf(folder: string): number | undefined {
  const held = read(join(folder, 'rostra.lock'));
  return held === undefined ? undefined : livingOwner(held);
}

function livingOwner(held: string): number | undefined {
  const [pid, since] = held.trim().split(/ (.*)/s);
  const found = findProcess(Number(pid));
  return found && found.since === since ? Number(pid) : undefined;
}

/** Linked, not written in place, so that nobody ever reads half a lock. */
function writeNew(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moved aside first: of two that find the lock stale, one must not remove what the other has just put there. */
function removeStale(file: string, held: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) !== held) restore(aside, file);
  rmSync(aside, { force: true });
}

function restore(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch {
    // Somebody else holds it by now.
  }
}

function release(file: string, mine: string): void {
  if (read(file) === mine) rmSync(file, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
