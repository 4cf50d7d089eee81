// The core's outbox under fire: what goes to many stops with the second, whatever dies meanwhile, and goes on by itself.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { type App, makeApp, startMailSink, trySilence, until } from 'rostra/testing';

const many = 50_000;
const begins = new Date('2027-04-09T22:00:00Z');
const ends = new Date('2027-04-11T18:00:00Z');

async function fill(app: App): Promise<void> {
  await app.scope().db.raw(
    `insert into core.mail_domain (domain, private_key, public_key, is_warm, created_at)
     values ('example.org', '', '', true, '2027-01-01')`,
  );
  await app.scope().db.raw(
    `insert into core.outbox (organization_id, view, locale, to_address, subject, html, text, message_id, bulk,
       created_at, due_at)
     select :party, 'test/many', 'fr', 'reader' || n || '@example.org', 'Votez', '<p>Votez</p>', 'Votez',
       '<' || n || '@example.org>', true, '2027-04-01', '2027-04-01' from generate_series(1, ${many}) n`,
    { party: app.scope().organization.id },
  );
}

function workOn(databaseUrl: string, smtpUrl: string) {
  const script = fileURLToPath(new URL('../../core/testing/silent-sender.ts', import.meta.url));
  const env = {
    ...{ PATH: process.env['PATH'], DATABASE_URL: databaseUrl, SMTP_URL: smtpUrl },
    ROSTRA_DATA: mkdtempSync(join(tmpdir(), 'rostra-sender-')),
    ROSTRA_SECRET: 'a secret that only this test knows, long enough',
    ROSTRA_ROLE: 'worker',
  };
  return spawn(process.execPath, ['--import=./core/typescript.mjs', script], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function countIn(app: App, state: string): Promise<number> {
  const [row] = await app.scope().db('core.outbox').where({ state, bulk: true }).count();
  return Number(row?.['count']);
}

test('of 50,000 messages none is taken after the second, though a worker is killed; the rest wait, and then go', async (t) => {
  const sink = await startMailSink(t);
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-09T20:00:00Z' });
  const staff = await app.staff('data-protection');
  await staff.post('/admin/elections/new', {
    ...{ name: 'Présidentielle', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  await fill(app);
  const url = app.house.database.url;
  const workers: ReturnType<typeof workOn>[] = [];
  t.teardown(() => workers.map((one) => one.kill('SIGKILL')));
  const seen = await trySilence({
    begins,
    stops: 30_000,
    taken: sink.taken,
    work() {
      const worker = workOn(url, sink.url);
      workers.push(worker);
      return worker;
    },
  });
  t.log(`${seen.atKill} before the kill, ${seen.before} before silence, ${seen.last} ms`);
  t.true(seen.atKill > 0);
  t.true(seen.before > seen.atKill);
  t.true(seen.last < 0, `the last was taken ${seen.last} ms after silence began`);
  t.is(new Set(sink.readers).size, sink.readers.length, 'nobody got it twice');
  const [accepted, unknown, ready] = await Promise.all(
    ['accepted', 'unknown', 'ready'].map((state) => countIn(app, state)),
  );
  t.true((unknown ?? 0) <= 5, 'what was being handed over when the worker died');
  t.is((accepted ?? 0) + (unknown ?? 0) + (ready ?? 0), many);

  const taken = sink.readers.length;
  await app.house.mail('core').send(app.scope(), {
    ...{ to: 'jeanne@example.org', view: 'mail/test', data: {} },
  });
  await until(() => sink.readers.length > taken);
  t.deepEqual(sink.readers.slice(taken), ['jeanne@example.org']);

  await app.scope().db.raw(
    `delete from core.outbox where state = 'ready' and id not in
      (select id from core.outbox where state = 'ready' and bulk order by id limit 50)`,
  );
  const early = 3_500;
  const movedAt = Date.now();
  seen.move(new Date(ends.getTime() - early));
  await until(() => sink.readers.length >= taken + 51);
  t.is(sink.readers.length, taken + 51);
  t.is(await countIn(app, 'ready'), 0);
  t.true((sink.taken[taken + 1] ?? 0) >= movedAt + early, 'not a moment before the polls close');
});
