// What can go wrong with an import: a process killed, two at once, a full disk, a job that fails for good.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findImport } from './import.sql.ts';
import { checkImport, planImport, resumeImport, runImport, startImport } from './import.ts';
import { guessFields } from './import-fields.ts';
import { makePeople } from './person.ts';
import { stageFile } from './stage.ts';

function file(content: string | Buffer): { path: string; name: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, content);
  return { path, name: 'list.csv' };
}

const listOf = (count: number, from = 0) =>
  `first name,last name,email,tags\n${Array.from({ length: count }, (_, n) => `Ada${n + from},Test,a${n + from}@example.org,spring`).join('\n')}\n`;

async function countOf(app: App, table: string): Promise<number> {
  const found = await app.house.database.db.raw('select count(*)::int as count from people.??', [
    table,
  ]);
  return found.rows[0].count;
}

async function stage(app: App, content: string) {
  const scope = app.scope();
  const id = await stageFile(scope, file(content));
  const fields = guessFields((await findImport(scope, id))?.columns ?? []);
  return { id, plan: { fields, origin: 'paper forms' } };
}

test.serial(
  'a run whose process is killed goes on in another, and counts nobody twice',
  async (t) => {
    const app = await makeApp(t);
    const count = 25_000;
    const { path } = file(listOf(count));
    const data = mkdtempSync(join(tmpdir(), 'rostra-killed-'));
    const child = spawn(
      process.execPath,
      ['core/bin.mjs', 'import', path, '--origin', 'paper forms'],
      {
        cwd: join(import.meta.dirname, '..', '..'),
        env: {
          ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], ROSTRA_DATA: data },
          ...{
            DATABASE_URL: app.house.database.url,
            ROSTRA_SECRET: 'a secret that only this test knows, long enough',
          },
        },
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const isUnderWay = async () => {
      const { rows } = await app.house.database.db.raw('select done_rows from people.import');
      return rows[0]?.done_rows > 0;
    };
    while (child.exitCode === null && !(await isUnderWay())) await wait(10);
    child.kill('SIGKILL');
    await ended;
    const { rows } = await app.house.database.db.raw(
      'select id, state, done_rows from people.import',
    );
    t.is(rows[0].state, 'running', 'it was killed in the middle');
    t.is(await countOf(app, 'person'), rows[0].done_rows, 'what is counted is there, and no more');
    await app.drain();
    t.like(await findImport(app.scope(), rows[0].id), {
      ...{ state: 'done', createdPeople: count, doneRows: count, refusedRows: 0 },
    });
    t.is(await countOf(app, 'person'), count);
    t.is(await countOf(app, 'email_address'), count);
    t.is(await countOf(app, 'timeline'), count);
    t.is(await countOf(app, 'import_staging'), 0, 'the file is gone once it has done its duty');
  },
);

test.serial(
  'two imports of the same people at once, and one run by two workers, make each once',
  async (t) => {
    const app = await makeApp(t);
    const deps = depsOf(app.get('people'));
    const one = await stage(app, listOf(11_000));
    const two = await stage(app, listOf(11_000, 5_500));
    for (const { id, plan } of [one, two]) {
      await planImport(app.scope(), deps, id, plan);
      t.like(await checkImport(app.scope(), id), { created: 11_000 });
      await startImport(app.scope(), deps, id);
    }
    const ids = [one.id, two.id, two.id];
    await Promise.all(ids.map((id) => runImport(app.scope(), deps, id)));
    t.is(await countOf(app, 'person'), 16_500);
    t.is(await countOf(app, 'email_address'), 16_500);
    const ended = await Promise.all([one, two].map(({ id }) => findImport(app.scope(), id)));
    t.deepEqual(
      ended.map((row) => row?.state),
      ['done', 'done'],
    );
    t.deepEqual(
      ended.map((row) => row?.doneRows),
      [11_000, 11_000],
    );
    const made = ended.reduce((sum, row) => sum + (row?.createdPeople ?? 0), 0);
    t.is(made, 16_500);
  },
);

test.serial('who signs up while an import runs is one person', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const { id, plan } = await stage(app, listOf(5_000));
  await startImport(app.scope(), deps, id, plan);
  const people = makePeople(deps);
  const signUps = Array.from({ length: 40 }, (_, n) =>
    people.upsert(app.scope(), {
      emailAddress: `a${n * 100}@example.org`,
      source: 'website.sign-up',
    }),
  );
  await Promise.all([runImport(app.scope(), deps, id), ...signUps]);
  t.is(await countOf(app, 'person'), 5_000);
  t.like(await findImport(app.scope(), id), { state: 'done', doneRows: 5_000 });
});

test.serial('a batch that is written anew is not passed by the one behind it', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const { db } = app.house.database;
  const { id, plan } = await stage(app, listOf(11_000));
  await startImport(app.scope(), deps, id, plan);
  const signUp = await db.transaction();
  await signUp.raw(`with p as (
      insert into people.person (key, source, created_at, changed_at)
      values (gen_random_uuid(), 'website.sign-up', now(), now()) returning id)
    insert into people.email_address (person_id, address, created_at)
    select id, 'a100@example.org', now() from p`);
  const run = runImport(app.scope(), deps, id);
  const isBehind = async () => {
    const { rows } = await db.raw(`select count(*)::int as waiting from pg_locks
      where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`);
    return rows[0].waiting > 0;
  };
  while (!(await isBehind())) await wait(10);
  await signUp.commit();
  await run;
  t.is(await countOf(app, 'person'), 11_000);
  t.like(await findImport(app.scope(), id), {
    ...{ state: 'done', doneRows: 11_000, createdPeople: 10_999, updatedPeople: 1 },
  });
});

test.serial('one that fails for good says so, and goes on from there when it can', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const { db } = app.house.database;
  const { id, plan } = await stage(app, listOf(20));
  await startImport(app.scope(), deps, id, plan);
  await db.raw('alter table people.external_id rename to external_id_away');
  for (let turn = 0; turn < 5; turn += 1) {
    await t.throwsAsync(runImport(app.scope(), deps, id));
  }
  t.like(await findImport(app.scope(), id), {
    ...{ state: 'failed', fault: 'people.import.fault.broke-off' },
  });
  t.is(await countOf(app, 'person'), 0);
  await db.raw('alter table people.external_id_away rename to external_id');
  const staff = await app.staff();
  const page = await staff.get(`/admin/people/import/${id}`);
  t.regex(page.body, /did not come to its end/);
  t.is((await staff.post(`/admin/people/import/${id}/resume`, {})).status, 303);
  await app.drain();
  t.like(await findImport(app.scope(), id), { state: 'done', createdPeople: 20 });
});

test.serial(
  'rows that a power cut took from staging are missed, and the import says so',
  async (t) => {
    const app = await makeApp(t);
    const deps = depsOf(app.get('people'));
    const { id, plan } = await stage(app, listOf(20));
    await planImport(app.scope(), deps, id, plan);
    await checkImport(app.scope(), id);
    await startImport(app.scope(), deps, id);
    // As PostgreSQL does with unlogged tables after a crash.
    await app.house.database.db.raw('truncate people.import_staging, people.import_ready');
    await runImport(app.scope(), deps, id);
    t.like(await findImport(app.scope(), id), {
      ...{ state: 'failed', fault: 'people.import.fault.lost' },
    });
    await resumeImport(app.scope(), deps, id);
    t.like(await findImport(app.scope(), id), { state: 'failed' });
  },
);

test.serial(
  'a plan made again while the list is looked through is the one that counts',
  async (t) => {
    const app = await makeApp(t);
    const deps = depsOf(app.get('people'));
    const { id, plan } = await stage(app, listOf(3_000));
    await planImport(app.scope(), deps, id, plan);
    const both = [
      checkImport(app.scope(), id).catch(() => {}),
      checkImport(app.scope(), id).catch(() => {}),
    ];
    await Promise.all(both);
    t.like(await findImport(app.scope(), id), { state: 'checked', readyRows: 3_000 });
    t.is(await countOf(app, 'import_ready'), 3_000);
  },
);
