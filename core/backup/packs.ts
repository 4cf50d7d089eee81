// The party's own packs of the law: into the archive before the rows, and back beside none that say something else.
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../database/start-error.ts';
import { packFiles, packsFolder } from '../law/own.ts';
import { loadPacks } from '../law/pack.ts';
import { type ArchiveEntry, type ArchiveWriter, contentOf } from './archive.ts';
import { names } from './format.ts';

export async function addPacks(archive: ArchiveWriter, data: string): Promise<void> {
  for (const path of packFiles(packsFolder({ data }))) {
    if (!(await stat(path)).isFile()) continue;
    await archive.add(names.packs + basename(path), await readFile(path));
  }
}

/**
 * Answers the path of a file that was not there before. One that is there and says something else is the law here by
 * somebody's will: it is neither written over nor taken for the one that the rows were written under.
 */
export async function takePack(entry: ArchiveEntry, data: string): Promise<string | undefined> {
  const name = entry.name.slice(names.packs.length);
  if (name !== basename(name) || !/^[^.].*\.json$/.test(name)) {
    throw new StartError(`The archive has a file outside of its folder (${entry.name}).`);
  }
  const path = join(packsFolder({ data }), name);
  const text = await contentOf(entry);
  const here = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (here === text) return undefined;
  if (here !== undefined) {
    throw new StartError(
      `${path} is not the pack of the law that is in the archive: move it elsewhere, restore again, and then put back the one that shall hold.`,
    );
  }
  await mkdir(dirname(path), { recursive: true });
  // By another ending until it is whole: a running server reads what ends in .json.
  await writeFile(`${path}.partial`, text, { flush: true });
  await rename(`${path}.partial`, path);
  return path;
}

/**
 * Broken by an edit that the running server did not take, or written for another Rostra: put beside, so that all else comes
 * back. Answers what the operator must be told.
 */
export async function putBeside(files: readonly string[], data: string): Promise<string[]> {
  const folder = packsFolder({ data });
  const taken = files.filter((path) => dirname(path) === folder);
  if (taken.length === 0) return [];
  const fault = await loadPacks({ own: folder }).then(() => undefined, faultOf);
  if (fault === undefined) return [];
  for (const path of taken) await rename(path, path + leftOut);
  const all = taken.map((path) => basename(path)).join(', ');
  return [
    `The packs of the law in the archive cannot be read and are left out (${all}). Each lies in ${folder} with ${leftOut} at its end: mend them, then take that away. ${fault}`,
  ];
}

const leftOut = '.left-out';

function faultOf(error: unknown): string {
  if (error instanceof StartError) return error.message;
  throw error;
}
