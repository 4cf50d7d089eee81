// `rostra plugin check`: reads a plugin as its author left it, without a database, and says all that would go wrong.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import '../register.mjs';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Get } from '../container.ts';
import { schemaOf } from '../database/ledger.ts';
import type { Manifest } from '../manifest.ts';
import { findManifests, manifestFaults } from '../manifests.ts';
import type { Contributions } from '../plugin.ts';
import { contributionFaults, importPlugin } from '../plugin-import.ts';
import { lostPlaces, sentenceOnLost } from '../plugin-places.ts';
import { makeTemplates } from '../theme/templates.ts';

type Sentences = Record<string, string>;
const languages = ['en', 'fr'];

/** One sentence a fault, each naming its file; empty when nothing is wrong. */
export async function pluginFaults(folder: string): Promise<string[]> {
  const manifest = readJson<Manifest>(join(folder, 'plugin.json'));
  if (typeof manifest === 'string') return [manifest];
  const own = manifestFaults(manifest);
  if (own.length > 0) return own.map((fault) => `plugin.json: ${fault}`);
  const files = filesBelow(folder).filter((file) => !/\.test\.ts$/.test(file));
  const given = await contributionsOf(folder, manifest);
  const code = typeof given === 'string' ? [given] : codeFaults(manifest, given);
  const parts = typeof given === 'string' ? {} : given;
  return [
    ...code.map((fault) => `plugin.ts: ${fault}`),
    ...(await tableFaults(folder, manifest)),
    ...viewFaults(folder, parts, files),
    ...slotFaults(folder, manifest, files),
    ...sentenceFaults(folder, manifest, keysOf(folder, manifest, parts, files)),
  ];
}

/** Slots of the plugins that come with Rostra are known; those of others it must enhance. */
function codeFaults(manifest: Manifest, given: Contributions): string[] {
  const others = findManifests([]).map((one) => one.manifest);
  const known = [manifest, ...others.filter(({ id }) => id !== manifest.id)];
  const lost = lostPlaces(manifest, given, known);
  return [...contributionFaults(manifest, given), ...lost.map(sentenceOnLost)];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function readJson<T>(file: string): T | string {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `${file} cannot be read as JSON: ${(error as Error).message}.`;
  }
}

/** What `contribute` hands over when nothing stands behind the services: it may only pass them on. */
async function contributionsOf(
  folder: string,
  manifest: Manifest,
): Promise<Contributions | string> {
  const service = new Proxy({}, { get: () => async () => undefined });
  const get = Object.assign(() => service, { optional: () => undefined, many: () => () => [] });
  try {
    const plugin = await importPlugin({ manifest, folder, bundled: false });
    return plugin.contribute(get as unknown as Get);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Each table is answered for, and what is personal is closed to other chapters. */
async function tableFaults(folder: string, manifest: Manifest): Promise<string[]> {
  const steps = join(folder, manifest.migrations ?? 'migrations');
  const files = existsSync(steps) ? filesBelow(steps) : [];
  const said: string[] = [];
  try {
    for (const file of files.sort())
      await (await import(pathToFileURL(file).href)).up(listener(said));
  } catch (error) {
    return [`migrations: ${(error as Error).message}.`];
  }
  // Tables made by knex's builder are not looked at: what they come to only the database knows.
  if (said.includes('createTable')) return [];
  const sql = said.join('\n');
  const tables = namesIn(sql, /create (?:unlogged )?table (?:if not exists )?([a-z_."]+)/gi);
  const secured = namesIn(sql, /core\.secure\(\s*'([a-z_."]+)'/g);
  const personal = new Set(manifest.dataPractices?.flatMap((practice) => practice.tables));
  const kept = [...personal, ...(manifest.impersonal ?? [])];
  const schema = schemaOf(manifest.id);
  const faults: string[] = [];
  for (const table of tables) {
    if (!table.startsWith(`${schema}.`))
      faults.push(`migrations: ${table} must be in "${schema}".`);
    if (kept.includes(table)) continue;
    faults.push(
      `plugin.json: name ${table} in dataPractices, or in impersonal if nobody can be found in it.`,
    );
  }
  for (const table of kept) {
    if (!tables.has(table)) faults.push(`plugin.json: no migration makes the table ${table}.`);
  }
  for (const table of personal) {
    if (!tables.has(table) || secured.has(table)) continue;
    faults.push(`migrations: ${table} is personal; close it to other chapters with core.secure.`);
  }
  return faults;
}

/** Stands in for the database and writes down what it is told. */
function listener(said: string[]): unknown {
  const ear: object = new Proxy(() => {}, {
    get(_, name) {
      said.push(String(name));
      return name === 'then' ? undefined : ear;
    },
    apply(_, __, args) {
      said.push(...args.filter((one) => typeof one === 'string'));
      return ear;
    },
  });
  return ear;
}

function namesIn(sql: string, pattern: RegExp): Set<string> {
  return new Set([...sql.matchAll(pattern)].map(([, name = '']) => name.replaceAll('"', '')));
}

/** Templates compile, and what is drawn by name is there. */
function viewFaults(folder: string, { panels = [] }: Contributions, files: string[]): string[] {
  const faults = panels
    .filter(({ view }) => !existsSync(join(folder, 'views', 'admin', `${view}.eta`)))
    .map(({ slot, view }) => `plugin.ts: the panel in ${slot} needs views/admin/${view}.eta.`);
  const templates = makeTemplates(false);
  for (const file of files.filter((one) => one.endsWith('.eta'))) {
    try {
      templates.check(file);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  const views = files.map((file) => relative(join(folder, 'views'), file));
  for (const { file, word } of wordsIn(
    folder,
    files,
    /\bctx\.(?:render|fragment)\(\s*'([\w-]+)'/g,
  )) {
    if (views.includes(`site/${word}.eta`) || views.includes(`admin/${word}.eta`)) continue;
    faults.push(`${file}: there is no view "${word}" in views/site or views/admin.`);
  }
  return faults;
}

/** Who draws panels of others says so, or their authors are told that the slot is none. */
function slotFaults(folder: string, { slots = [] }: Manifest, files: string[]): string[] {
  return wordsIn(folder, files, /\bpanels\(\s*'([\w.-]+)'/g)
    .filter(({ word }) => !slots.includes(word))
    .map(({ file, word }) => `plugin.json: name the slot "${word}" in slots (${file}).`);
}

interface Wanted {
  key: string;
  file: string;
}

/** The keys of sentences that the plugin is known to need, and where. */
function keysOf(
  folder: string,
  manifest: Manifest,
  given: Contributions,
  files: string[],
): Wanted[] {
  const { id, permissions = {}, dataPractices = [], settings } = manifest;
  const fields = Object.keys((settings?.['properties'] as object | undefined) ?? {});
  const named = [
    ...[`${id}.plugin.name`, `${id}.plugin.does`],
    ...Object.values(permissions),
    ...dataPractices.map((practice) => practice.purpose),
    ...fields.map((field) => `${id}.settings.${field}`),
  ];
  const labels = [...(given.nav ?? []), ...(given.steps ?? []), ...(given.checks ?? [])];
  const asked = wordsIn(folder, files, /\b(?:t|rich)\(\s*'([^'$]+)'|\brefused\(\s*'([^']+)'/g)
    .filter(({ word }) => word.startsWith(`${id}.`))
    .map(({ word, file }) => ({ key: word, file }));
  return [
    ...named.map((key) => ({ key, file: 'plugin.json' })),
    ...labels.map(({ label }) => ({ key: label, file: 'plugin.ts' })),
    ...(given.commands ?? []).map(({ summary }) => ({ key: summary, file: 'plugin.ts' })),
    ...asked,
  ];
}

function wordsIn(
  folder: string,
  files: string[],
  pattern: RegExp,
): { file: string; word: string }[] {
  return files
    .filter((file) => /\.(ts|js|mjs|eta)$/.test(file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(pattern)].map((match) => ({
        file: relative(folder, file),
        word: match[1] ?? match[2] ?? '',
      })),
    );
}

/** Both languages are whole, well formed, and begin with the plugin's id. */
function sentenceFaults(folder: string, { id }: Manifest, wanted: Wanted[]): string[] {
  const faults: string[] = [];
  const said = languages.map((language) => {
    const sentences = readJson<Sentences>(join(folder, 'locales', `${language}.json`));
    if (typeof sentences === 'string') faults.push(sentences);
    return { language, sentences: typeof sentences === 'string' ? {} : sentences };
  });
  const used = new Map(wanted.map(({ key, file }) => [key, ` (${file})`]));
  const keys = new Set([...used.keys(), ...said.flatMap((one) => Object.keys(one.sentences))]);
  for (const { language, sentences } of said) {
    const file = `locales/${language}.json`;
    for (const key of keys) {
      const text = sentences[key];
      if (!key.startsWith(`${id}.`)) faults.push(`${file}: ${key} must begin with "${id}.".`);
      else if (text === undefined) faults.push(`${file}: ${key} is missing${used.get(key) ?? ''}.`);
      else if (!isMessage(text, language)) faults.push(`${file}: ${key} is no ICU message.`);
    }
  }
  return faults;
}

function isMessage(text: string, language: string): boolean {
  try {
    return new IntlMessageFormat(text, language, undefined, { ignoreTag: true }) !== undefined;
  } catch {
    return false;
  }
}
