// The party's own packs of the law go into a backup, and come back beside none that say something else.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { StartError } from '../database/start-error.ts';
import { packsFolder } from '../law/own.ts';
import { makeLog } from '../log.ts';
import { type App, makeApp } from '../testing/app.ts';
import { cloneEmpty } from '../testing/database.ts';
import { readArchive, writeArchive } from './archive.ts';
import { backUp } from './backup.ts';
import { restore } from './restore.ts';

type T = ExecutionContext;
const name = 'us-party.json';
const pack = JSON.stringify({
  ...{ id: 'us-party', version: '2026.11.0', extends: ['us'], choosable: true },
  ...{ status: 'reviewed', countries: [], timeZone: 'America/New_York', currency: 'USD' },
  ...{ capabilities: {}, matters: {}, rules: {} },
});

const other = (id: string) => pack.replace('us-party', id);

function put(data: string, text: string, file = name): void {
  mkdirSync(packsFolder({ data }), { recursive: true });
  writeFileSync(join(packsFolder({ data }), file), text);
}
const packsIn = (data: string) => readdirSync(packsFolder({ data }));
const readPack = (data: string) => readFileSync(join(packsFolder({ data }), name), 'utf8');

async function backedUp(app: App): Promise<string> {
  app.clock.set(new Date(app.clock.now().getTime() + 60_000));
  return (await backUp({ ...app.house, clock: app.clock })).file;
}

/** A machine without anything but what is put into its folder. */
async function emptyServer(t: T) {
  const { database, url } = await cloneEmpty(t);
  const data = mkdtempSync(join(tmpdir(), 'rostra-packs-'));
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  const ROSTRA_SECRET = 'a secret that only this test knows, long enough';
  const config = readConfig({ ROSTRA_SECRET, ROSTRA_DATA: data, DATABASE_URL: url });
  const log = makeLog('silent');
  const take = (file: string) => restore({ config, log, clock: systemClock, file, erasures: [] });
  const schemas = async () => {
    const found = await database.db.raw(
      `select nspname from pg_namespace where nspname = 'people'`,
    );
    return found.rows.length;
  };
  return { data, take, schemas };
}

test.serial(
  'the party’s own packs come back where there are none, byte for byte, and nothing else of the folder',
  async (t) => {
    const app = await makeApp(t);
    put(app.house.config.data, `\uFEFF${pack}\n`);
    put(app.house.config.data, 'notes', 'notes.txt');
    const file = await backedUp(app);
    const { data, take } = await emptyServer(t);
    await take(file);
    t.is(readPack(data), `\uFEFF${pack}\n`);
    t.deepEqual(packsIn(data), [name]);
  },
);

test.serial(
  'one that is there already and the same stays, beside one that the archive does not have',
  async (t) => {
    const app = await makeApp(t);
    put(app.house.config.data, pack);
    const file = await backedUp(app);
    const { data, take } = await emptyServer(t);
    put(data, pack);
    put(data, other('us-others'), 'us-others.json');
    await take(file);
    t.is(readPack(data), pack);
    t.deepEqual(packsIn(data), ['us-others.json', name]);
  },
);

test.serial(
  'one that is there and says something else refuses the restore in a sentence, and nothing is changed',
  async (t) => {
    const app = await makeApp(t);
    put(app.house.config.data, pack);
    put(app.house.config.data, other('us-early'), 'us-early.json');
    const file = await backedUp(app);
    const { data, take, schemas } = await emptyServer(t);
    put(data, '{}');
    const error = await t.throwsAsync(take(file), { instanceOf: StartError });
    t.regex(
      error?.message ?? '',
      /us-party\.json is not the pack .* move it elsewhere, restore again/,
    );
    t.is(readPack(data), '{}');
    t.deepEqual(packsIn(data), [name], 'what was put there before is taken away again');
    t.is(await schemas(), 0);
    rmSync(join(packsFolder({ data }), name));
    await take(file);
    t.is(readPack(data), pack);
  },
);

test.serial('an archive without packs is restored beside those that are there', async (t) => {
  const app = await makeApp(t);
  const { data, take } = await emptyServer(t);
  put(data, pack);
  await take(await backedUp(app));
  t.is(readPack(data), pack);
});

test.serial(
  'one that was broken when it was backed up does not keep the rest from coming back, and lies beside',
  async (t) => {
    const app = await makeApp(t);
    put(app.house.config.data, '{ broken');
    const file = await backedUp(app);
    const { data, take, schemas } = await emptyServer(t);
    const { remarks } = await take(file);
    t.regex(remarks.join(), /packs of the law in the archive cannot be read .*us-party\.json/);
    t.deepEqual(packsIn(data), [`${name}.left-out`]);
    t.is(await schemas(), 1);
  },
);

test.serial('a pack of an archive lies in its folder and nowhere else', async (t) => {
  const app = await makeApp(t);
  put(app.house.config.data, pack);
  const file = await backedUp(app);
  for (const place of [
    'packs/../secret.json',
    'packs/a/b.json',
    'packs/.hidden.json',
    'packs/x.sh',
  ]) {
    const strange = `${file}.${place.replaceAll('/', '_')}.tar.gz`;
    await renamed(file, strange, place);
    const { data, take, schemas } = await emptyServer(t);
    const error = await t.throwsAsync(take(strange), { instanceOf: StartError });
    t.regex(error?.message ?? '', /has a file outside of its folder/, place);
    t.false(readdirSync(data).includes('secret.json'));
    t.is(await schemas(), 0);
  }
});

/** The same archive with its pack under another name. */
async function renamed(file: string, to: string, place: string): Promise<void> {
  const [archive, copy] = [readArchive(file), await writeArchive(to)];
  for (let entry = await archive.next(); entry; entry = await archive.next()) {
    const parts: Buffer[] = [];
    for await (const part of entry.chunks()) parts.push(part);
    await copy.add(entry.name === `packs/${name}` ? place : entry.name, Buffer.concat(parts));
  }
  await copy.finish(archive.rows());
}
