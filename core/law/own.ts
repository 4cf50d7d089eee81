// Packs of the party's own: files in its data folder, held to more than those of Rostra are.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkPack, fileOf, placeIn } from './check.ts';
import type { Pack } from './schema.ts';

export function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

/** Where the party keeps them. */
export const packsFolder = ({ data }: { data: string }): string => join(data, 'packs');

/** None while there is no such folder. */
export function packFiles(folder: string): string[] {
  return existsSync(folder) ? filesOf(folder) : [];
}

/** Those of the folder, if there is one; what is wrong is added to the faults with file, rule and line. */
export function readOwn(folder: string | undefined, faults: string[]): Pack[] {
  if (!folder || !existsSync(folder)) return [];
  const packs = filesOf(folder)
    .map((file) => readFile(file, faults))
    .filter((pack) => pack !== undefined);
  faults.push(...packs.flatMap(wrongsOf));
  return packs.map(stamped);
}

/** One that cannot be read is a fault of that file, as one that says what it may not. */
function readFile(file: string, faults: string[]): Pack | undefined {
  try {
    return checkPack(file, readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), faults);
  } catch (error) {
    faults.push(`${file}: cannot be read (${(error as Error).message}).`);
    return undefined;
  }
}

/** Changes whenever a file of the folder does. */
export function printOf(folder: string | undefined): string {
  if (!folder || !existsSync(folder)) return '';
  const print = (file: string) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return `${file} ${found?.ctimeMs} ${found?.mtimeMs} ${found?.size} ${found?.ino}`;
  };
  return filesOf(folder).map(print).join('\n');
}

/** Longer than any id of Rostra's own, so that a later release cannot take the same. */
const ownId = /^[a-z]{2}-[a-z0-9]{4,20}$/;

function wrongsOf(pack: Pack): string[] {
  const { id } = pack;
  const wrongs: [string, string][] = [];
  if (!ownId.test(id)) {
    wrongs.push(['id', `"${id}" must be a country and a word of four letters or more: "fr-party"`]);
  }
  if (basename(fileOf(pack)) !== `${id}.json`) wrongs.push(['id', `the file must be ${id}.json`]);
  if (!pack.extends?.length) wrongs.push(['extends', 'must name the pack of Rostra it builds on']);
  if (pack.countries.length > 0) {
    wrongs.push(['countries', 'must be empty: they belong to the packs of Rostra']);
  }
  return wrongs.map(([part, why]) => `${fileOf(pack)}: ${part}: ${why}${placeIn(pack, part)}.`);
}

/** What was decided by a text names that very text, also where nobody counted its version up. */
export function stamped(pack: Pack): Pack {
  const digest = createHash('sha256').update(JSON.stringify(pack)).digest('hex').slice(0, 8);
  return Object.assign(pack, { version: `${pack.version}+${digest}` });
}
