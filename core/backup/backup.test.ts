// Backups on a real database: what comes back, what is refused, and that nothing is left half-done.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyAudit } from '../audit/seal.ts';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { StartError } from '../database/start-error.ts';
import { makeLog } from '../log.ts';
import { type App, makeApp } from '../testing/app.ts';
import { cloneEmpty } from '../testing/database.ts';
import { readArchive, readManifest, writeArchive } from './archive.ts';
import { backUp } from './backup.ts';
import { erasedSince, readErasures } from './erasures.ts';
import type { Manifest } from './format.ts';
import { backupHealth, removeOld } from './nightly.ts';
import { restore } from './restore.ts';

type T = ExecutionContext;
const log = makeLog('silent');
const secret = 'a secret that only this test knows, long enough';
/** For the tests that only add to it. */
let party: App;
const ends: (() => unknown)[] = [];
test.before(async () => {
  party = await makeApp({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

function folder(t: T): string {
  const made = mkdtempSync(join(tmpdir(), 'rostra-backup-'));
  t.teardown(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A machine without anything: an empty database and a folder of its own. */
async function emptyServer(t: T, env: Record<string, string> = {}) {
  const { database, url } = await cloneEmpty(t);
  const data = folder(t);
  const config = readConfig({
    ROSTRA_SECRET: secret,
    ...env,
    ROSTRA_DATA: data,
    DATABASE_URL: url,
  });
  return { config, database };
}

async function backedUp(app: App): Promise<string> {
  app.clock.set(new Date(app.clock.now().getTime() + 60_000));
  return (await backUp({ ...app.house, clock: app.clock })).file;
}

function restoreInto(
  config: Config,
  file: string,
  more: { erasures?: string[]; isMove?: boolean } = {},
) {
  return restore({ config, log, clock: systemClock, file, erasures: [], ...more });
}

async function addPerson({ house }: App, name: string): Promise<string> {
  const { rows } = await house.database.db.raw(
    `insert into people.person (key, given_name, source, created_at, changed_at)
     values (gen_random_uuid(), :name, 'test', :now, :now) returning id`,
    { name, now: house.clock.now() },
  );
  return rows[0].id;
}

async function namesIn({ db }: Database): Promise<string[]> {
  const { rows } = await db.raw(
    'select given_name from people.person where erased_at is null order by id',
  );
  return rows.map((row: { given_name: string }) => row.given_name);
}

async function schemasIn({ db }: Database): Promise<string[]> {
  const { rows } = await db.raw(
    `select nspname from pg_namespace where nspname not like 'pg\\_%' and nspname not in ('public', 'information_schema')`,
  );
  return rows.map((row: { nspname: string }) => row.nspname);
}

async function refusal(t: T, run: Promise<unknown>): Promise<string> {
  const error = await t.throwsAsync(run, { instanceOf: StartError });
  return error?.message ?? '';
}

test.serial(
  'all rows come back as they were, with numbers that go on and keys that hold',
  async (t) => {
    const app = party;
    const odd = `O'Brien\t"x"\\n — Éloïse\n\\.`;
    await addPerson(app, odd);
    const chapter = await app.chapter('Lyon');
    await app.house.database.db.raw(
      `insert into core.host (host, organization_id) values ('lyon.example.org', :chapter)`,
      { chapter },
    );
    const upload = join(app.house.config.data, 'uploads', 'ab', 'abcd.png');
    mkdirSync(join(upload, '..'), { recursive: true });
    writeFileSync(upload, Buffer.alloc(700_000, 'x'));
    const file = await backedUp(app);
    t.is(statSync(file).mode & 0o777, 0o600);
    t.is(statSync(join(file, '..')).mode & 0o777, 0o700);

    const { config, database } = await emptyServer(t);
    const restored = await restoreInto(config, file);
    t.true(restored.rows > 5);
    t.deepEqual(await namesIn(database), [odd]);
    t.deepEqual(readFileSync(join(config.data, 'uploads', 'ab', 'abcd.png')), readFileSync(upload));
    t.deepEqual((await verifyAudit(database.db)).faults, []);
    for (const table of ['core.organization', 'core.account', 'core.host', 'people.key']) {
      const sql = `select to_jsonb(x) as row from ${table} x order by 1`;
      t.deepEqual(
        (await database.db.raw(sql)).rows,
        (await app.house.database.db.raw(sql)).rows,
        table,
      );
    }
    const catalogue = `select conrelid::regclass::text || conname || pg_get_constraintdef(oid) as line from pg_constraint
    where connamespace in ('core'::regnamespace, 'people'::regnamespace)
    union all select indexdef from pg_indexes where schemaname in ('core', 'people')
    union all select tgrelid::regclass::text || tgname || tgenabled::text from pg_trigger where not tgisinternal order by 1`;
    t.deepEqual(
      (await database.db.raw(catalogue)).rows,
      (await app.house.database.db.raw(catalogue)).rows,
      'indexes, keys and triggers stand again',
    );
    const { rows } = await database.db.raw(
      `insert into people.person (key, source, created_at, changed_at) values (gen_random_uuid(), 't', :now, :now) returning id`,
      { now: new Date(0) },
    );
    t.is(rows[0].id, '2');
    await t.throwsAsync(database.db.raw('update core.audit set act = act'), {
      message: /append-only/,
    });
  },
);

test.serial(
  'what waits in the queue is promised still, what waits to be sent is held for staff',
  async (t) => {
    const app = await makeApp(t);
    const { db } = app.house.database;
    await db.raw(
      `select graphile_worker.add_job('people.on:people.person.erased', '{"organizationId":"1"}', job_key => 'k')`,
    );
    await db.raw(
      `insert into core.outbox (organization_id, view, locale, to_address, subject, html, text, message_id, created_at, due_at)
     select id, 'x', 'en', 'a@example.org', 's', 'h', 't', 'm', :now, :now from core.organization`,
      { now: app.clock.now() },
    );
    await db.raw(
      `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'x' where key = 'k'`,
    );
    const file = await backedUp(app);
    const queue = `select tasks.identifier, jobs.key, jobs.payload, jobs.attempts, jobs.last_error, jobs.locked_by
    from graphile_worker._private_jobs jobs join graphile_worker._private_tasks tasks on tasks.id = task_id
    where jobs.key = 'k'`;

    const { config, database } = await emptyServer(t);
    t.is((await restoreInto(config, file)).held, 1);
    t.deepEqual((await database.db.raw(queue)).rows, (await db.raw(queue)).rows);
    const state = async (at: Database) =>
      (await at.db.raw('select state from core.outbox')).rows[0].state;
    t.is(await state(database), 'unknown');

    const moved = await emptyServer(t);
    t.is((await restoreInto(moved.config, file, { isMove: true })).held, 0);
    t.is(await state(moved.database), 'ready', 'on a move nothing was sent since');
  },
);

test.serial(
  'who was erased since is erased again, the record merged into theirs too',
  async (t) => {
    const app = await makeApp(t);
    const [gone = '', twin = '', stays = ''] = [
      await addPerson(app, 'Gone'),
      await addPerson(app, 'Twin'),
      await addPerson(app, 'Stays'),
    ];
    const file = await backedUp(app);
    app.clock.set('2026-11-25T10:00:00Z');
    await app.house.subjects.merge(app.scope(), twin, gone);
    await app.house.subjects.erase(app.scope(), gone);
    const later = await addPerson(app, 'Later');
    await app.house.subjects.erase(app.scope(), later);
    await app.drain();
    const journal = join(app.house.config.backups, 'erasures.log');
    t.is(readFileSync(journal, 'utf8').split('\n').length, 4);
    t.false(/Gone|Twin/.test(readFileSync(journal, 'utf8')));

    const { config, database } = await emptyServer(t);
    t.is((await restoreInto(config, file, { erasures: [journal] })).erased, 3);
    t.deepEqual(await namesIn(database), ['Stays']);
    t.truthy(stays);
    const without = await emptyServer(t);
    await restoreInto(without.config, file);
    t.deepEqual(await namesIn(without.database), ['Gone', 'Twin', 'Stays'], 'the journal did it');
  },
);

test.serial('an erasure that was rolled back is not written down', async (t) => {
  const app = await makeApp(t);
  const id = await addPerson(app, 'Stays');
  const rolledBack = app.scope().write(async (own) => {
    await app.house.subjects.erase(own, id);
    throw new Error('no');
  });
  await t.throwsAsync(rolledBack, { message: 'no' });
  await app.drain();
  t.false(existsSync(join(app.house.config.backups, 'erasures.log')));
});

test.serial(
  'the journal bears a line that was cut off, and counts only what came later',
  async (t) => {
    const file = join(folder(t), 'erasures.log');
    appendFileSync(
      file,
      '2026-01-01T00:00:00.000Z 1\n2026-02-01T00:00:00.000Z 2 into 3\n2026-02-0',
    );
    appendFileSync(file, '\n2026-02-03T00:00:00.000Z 3\nrubbish\n');
    const journal = await readErasures(file);
    t.is(journal.length, 3);
    t.deepEqual(erasedSince(journal, new Date('2026-01-15')).sort(), ['2', '3']);
  },
);

test.serial(
  'a cut-off or damaged archive is told, wherever it breaks, and leaves the database empty',
  async (t) => {
    const app = party;
    for (let one = 0; one < 50; one += 1) await addPerson(app, `Person ${one} ${'x'.repeat(90)}`);
    const whole = readFileSync(await backedUp(app));
    const { config, database } = await emptyServer(t);
    const file = join(folder(t), 'broken.tar.gz');
    for (const part of [0.99, 0.7, 0.3]) {
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)));
      t.regex(await refusal(t, restoreInto(config, file)), /is cut off/, String(part));
      t.deepEqual(await schemasIn(database), []);
    }
    const flipped = Buffer.from(whole);
    const at = Math.floor(whole.length / 2);
    flipped[at] = (flipped[at] ?? 0) ^ 0xff;
    writeFileSync(file, flipped);
    t.regex(await refusal(t, restoreInto(config, file)), /is (damaged|cut off)/);
    writeFileSync(file, 'not an archive');
    t.regex(await refusal(t, restoreInto(config, file)), /no backup of Rostra/);
    t.regex(await refusal(t, restoreInto(config, `${file}.none`)), /There is no file/);
    t.deepEqual(await schemasIn(database), []);
    await restoreInto(config, await backedUp(app));
    t.deepEqual(await namesIn(database), await namesIn(app.house.database));
  },
);

/** The same archive with something changed in it, all its sums right. */
async function altered(
  t: T,
  file: string,
  change: (manifest: Manifest) => void,
  drop = '-',
): Promise<string> {
  const target = join(folder(t), 'altered.tar.gz');
  const [from, to] = [readArchive(file), await writeArchive(target)];
  for (let entry = await from.next(); entry; entry = await from.next()) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry.chunks()) chunks.push(chunk);
    let body = Buffer.concat(chunks);
    if (entry.name === 'manifest.json') {
      const manifest = JSON.parse(body.toString());
      change(manifest);
      body = Buffer.from(JSON.stringify(manifest));
    }
    if (!entry.name.includes(drop)) await to.add(entry.name, body);
  }
  await to.finish(from.rows());
  return target;
}

test.serial(
  'what does not fit is refused in a sentence: newer, foreign, not empty, other secret',
  async (t) => {
    const app = party;
    await addPerson(app, 'One');
    const file = await backedUp(app);
    const { config, database } = await emptyServer(t);
    const newer = await altered(t, file, (manifest) => void (manifest.rostra = '99.1.0'));
    t.regex(
      await refusal(t, restoreInto(config, newer)),
      /made by Rostra 99\.1\.0, and this is 1\./,
    );
    const later = await altered(
      t,
      file,
      (manifest) => void manifest.ledger.push('core/9999_later'),
    );
    t.regex(await refusal(t, restoreInto(config, later)), /needs "core" as new .*core\/9999_later/);
    const foreign = await altered(
      t,
      file,
      (manifest) => void manifest.ledger.push('rides/0001_ride'),
    );
    t.regex(
      await refusal(t, restoreInto(config, foreign)),
      /needs the plugin "rides".*ROSTRA_PLUGINS/,
    );
    const short = await altered(t, file, () => {}, 'table/people.person/');
    await t.throwsAsync(restoreInto(config, short), {
      message: /people\.person has 0 rows instead of \d+/,
    });
    t.deepEqual(await schemasIn(database), []);

    const other = await emptyServer(t, {
      ROSTRA_SECRET: 'quite another secret, just as long as it',
    });
    t.regex(
      await refusal(t, restoreInto(other.config, file)),
      /another secret .* set ROSTRA_SECRET/,
    );
    await restoreInto(config, file);
    t.regex(
      await refusal(t, restoreInto(config, file)),
      /is not empty \(it holds Parti de l’Exemple\)/,
    );
    t.deepEqual(await namesIn(database), await namesIn(app.house.database));

    const stranger = await emptyServer(t);
    await stranger.database.db.raw('create schema people; create table people.own (id int)');
    t.regex(
      await refusal(t, restoreInto(stranger.config, file)),
      /not empty \(it has a schema "people"\)/,
    );
    t.deepEqual(await schemasIn(stranger.database), ['people']);
  },
);

test.serial('an owner of the database without other rights can restore', async (t) => {
  const app = party;
  await addPerson(app, 'One');
  const file = await backedUp(app);
  const { config, database } = await emptyServer(t);
  const name = `owner_${process.pid}`;
  const { rows } = await database.db.raw('select current_database() as name');
  await database.db.raw(
    `create role ${name} login password 'one'; grant rostra_chapter to ${name}; alter database ${rows[0].name} owner to ${name}`,
  );
  t.teardown(() =>
    database.db.raw(
      `reassign owned by ${name} to current_user; drop owned by ${name}; drop role ${name}`,
    ),
  );
  const databaseUrl = (config.databaseUrl ?? '').replace(/\/\/[^@]*@/, `//${name}:one@`);
  await restoreInto({ ...config, databaseUrl }, file);
  t.deepEqual(await namesIn(database), await namesIn(app.house.database));
});

test.serial('each night one is made, old ones go, and the admin sees how it went', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { config } = app.house;
  const nightly = async (at: string) => {
    app.clock.set(at);
    await app.house.database.db.raw(
      `select graphile_worker.add_job('core.backup', json_build_object('organizationId', '${app.scope().organization.id}'), max_attempts => 1)`,
    );
    await app.drain();
  };
  const page = async () => (await (await app.staff()).get('/admin/backups')).body;
  t.regex(await page(), /None so far/);
  t.is((await (await app.staff()).post('/admin/backups', {})).status, 303);
  await app.drain();
  await nightly('2026-11-25T01:07:00Z');
  const night = join(config.backups, 'rostra-2026-11-25T010700Z.tar.gz');
  t.true(existsSync(night));
  t.is((await readManifest(night)).organization, 'Parti de l’Exemple');
  t.regex(await page(), /rostra-2026-11-25T010700Z/);
  t.is((await backupHealth(app.house)).state, 'well');
  await nightly('2026-12-20T01:07:00Z');
  t.false(existsSync(night), 'older than a fortnight');
  app.clock.set('2026-12-23T12:00:00Z');
  t.is((await backupHealth(app.house)).state, 'old');

  await removeOld(config.backups, new Date('2030-01-01'));
  t.true(existsSync(join(config.backups, 'rostra-2026-12-20T010700Z.tar.gz')), 'the newest stays');
  rmSync(config.backups, { recursive: true });
  writeFileSync(config.backups, 'a file where a folder should be');
  await nightly('2026-12-24T01:07:00Z');
  t.is((await backupHealth(app.house)).state, 'failed');
  t.regex(await page(), /The last one failed/);
  const chapter = await app.chapter('Lyon');
  const local = await app.staff('administrator', chapter);
  t.notRegex((await local.get('/admin/@lyon/backups')).body, /rostra-2026/);
  t.is((await local.post('/admin/@lyon/backups', {})).status, 403);
});

test.serial('a restore closes every session, open link and token, on a move too', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  t.is((await staff.get('/admin')).status, 200);
  const { db } = app.house.database;
  await db.raw(
    `insert into core.link (hash, purpose, account_id, created_at, expires_at)
     select 'x', 'reset', min(id), :now, :now from core.account`,
    { now: app.clock.now() },
  );
  await db.raw(
    `insert into core.token (token_hash, account_id, organization_id, name, permissions, created_at, expires_at)
     select 'x', min(a.id), min(o.id), 'x', '{people.person.read}', :now, :now from core.account a, core.organization o`,
    { now: app.clock.now() },
  );
  const count = `select (select count(*) from core.session)::int as sessions,
    (select count(*) from core.link where used_at is null)::int as links,
    (select count(*) from core.token where revoked_at is null)::int as tokens`;
  const before = (await db.raw(count)).rows[0];
  t.true(before.sessions > 0 && before.links > 0 && before.tokens > 0);
  const { config, database } = await emptyServer(t);
  await restoreInto(config, await backedUp(app), { isMove: true });
  t.deepEqual((await database.db.raw(count)).rows, [{ sessions: 0, links: 0, tokens: 0 }]);
});

test.serial('an upload that is not what its name says is left out and told', async (t) => {
  const app = await makeApp(t);
  const digest = createHash('sha256').update('good').digest('hex');
  const shelf = join(app.house.config.data, 'uploads', 'aa');
  mkdirSync(shelf, { recursive: true });
  writeFileSync(join(shelf, `${digest}.png`), 'good');
  writeFileSync(join(shelf, `${'a'.repeat(64)}.png`), 'fallen over');
  const { config } = await emptyServer(t);
  const { remarks } = await restoreInto(config, await backedUp(app));
  t.regex(remarks.join('\n'), /a{64}\.png was damaged before it was backed up/);
  t.deepEqual(readdirSync(join(config.data, 'uploads', 'aa')), [`${digest}.png`]);
});

test.serial('an archive that names a table of nobody, or too much, is refused', async (t) => {
  const file = await backedUp(party);
  const { config, database } = await emptyServer(t);
  const strange = await altered(t, file, ({ tables }) => {
    tables.push({ schema: 'pg_catalog', name: 'pg_authid', columns: ['rolname'] });
  });
  t.regex(
    await refusal(t, restoreInto(config, strange)),
    /not of Rostra \(pg_catalog\.pg_authid\)/,
  );
  const long = await altered(t, file, (manifest) => {
    manifest.organization = 'x'.repeat(9 * 1024 * 1024);
  });
  t.regex(await refusal(t, restoreInto(config, long)), /manifest\.json is too long/);
  t.deepEqual(await schemasIn(database), []);
});

test.serial('two at once: the second is told, the first goes on', async (t) => {
  const app = party;
  const both = await Promise.allSettled(
    [1, 2].map((one) =>
      backUp({ ...app.house, clock: app.clock, file: join(folder(t), `${one}.tar.gz`) }),
    ),
  );
  t.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  t.regex(String(refused.reason.message), /under way already/);
});
