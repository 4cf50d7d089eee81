// After a restore nobody is written to who said no since the backup, and what they said reads as it was.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { assemble } from '../assemble.ts';
import { backUp } from '../backup/backup.ts';
import { noesSince, readErasures } from '../backup/erasures.ts';
import { restore } from '../backup/restore.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { makeLog } from '../log.ts';
import { sayNo } from '../subjects.ts';
import { makeApp } from './app.ts';
import { cloneEmpty } from './database.ts';

type T = ExecutionContext;
const log = makeLog('silent');
const secret = 'a secret that only this test knows, long enough';
const letters = { channel: 'email', purpose: 'newsletter' } as const;
const said = { ...letters, wording: 'Yes', locale: 'en', source: 'test', evidence: { form: '1' } };
const names = ['left', 'objected', 'withdrew', 'twin', 'merged', 'erased', 'stays'] as const;

/** Everybody said yes and reads the first newsletter. */
async function party(t: T) {
  const app = await makeApp(t);
  const scope = app.scope();
  const get = app.get('website');
  const [letter] = await get(Newsletters).list(scope);
  const ids: Record<string, string> = {};
  for (const name of names) {
    const fields = { emailAddress: `${name}@b.example`, source: 'test' };
    const { id } = await get(People).upsert(scope, fields);
    await get(Consents).give(scope, { ...said, personId: id });
    await get(Newsletters).subscribe(scope, id, letter?.id ?? '');
    ids[name] = id;
  }
  return { app, ids, letter: letter?.id ?? '' };
}

/** By the screens of staff, where there is one. */
async function sayNoes({ app, ids, letter }: Awaited<ReturnType<typeof party>>): Promise<void> {
  const staff = await app.staff();
  const post = async (path: string, form: Record<string, string>) => {
    const { status } = await staff.post(`/admin/people/${path}`, form);
    if (status !== 303) throw new Error(`${path} answered ${status}`);
  };
  const suppress = (name: string) =>
    post(`${ids[name]}/suppress`, { way: `email:${name}@b.example`, deed: 'suppress' });
  await post(`${ids['left']}/newsletters/end`, { newsletter: letter });
  await suppress('objected');
  const get = app.get('website');
  await get(Consents).withdraw(app.scope(), { ...said, personId: ids['withdrew'] ?? '' });
  await app.house.subjects.merge(app.scope(), ids['twin'] ?? '', ids['merged'] ?? '');
  await get(Consents).withdraw(app.scope(), { ...said, personId: ids['merged'] ?? '' });
  await suppress('erased');
  await app.house.subjects.erase(app.scope(), ids['erased'] ?? '');
}

async function restored(t: T, file: string, journal: string[]) {
  const { url } = await cloneEmpty(t);
  const data = mkdtempSync(join(tmpdir(), 'rostra-noes-'));
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  const env = { ROSTRA_SECRET: secret, ROSTRA_DATA: data, DATABASE_URL: url };
  const config = readConfig(env);
  const done = await restore({ config, log, clock: systemClock, file, erasures: journal });
  const house = await assemble(config, { log, clock: systemClock, owner: false });
  t.teardown(async () => {
    await house.end();
  });
  await house.loadPlugins();
  return { done, house };
}

type House = Awaited<ReturnType<typeof restored>>['house'];

/** Who may be written to, each way there is of asking; and who reads the newsletter. */
async function reached(house: House, ids: Record<string, string>) {
  const actor = { kind: 'system', name: 'test' } as const;
  const scope = house.scopes.make({ organizationId: house.organizations.root()?.id ?? '', actor });
  const consents = house.getFor({ id: 'website', requires: ['people'], enhances: [] })(Consents);
  const agreed: string[] = [];
  for (const [name, id] of Object.entries(ids)) {
    if (await consents.holds(scope, id, letters.channel, letters.purpose)) agreed.push(name);
  }
  const { rows } = await house.database.db.raw(
    'select person_id from people.subscription where until is null order by person_id',
  );
  const named = (id: string) => Object.keys(ids).find((name) => ids[name] === id);
  return { scope, agreed, readers: rows.map((row: { person_id: string }) => named(row.person_id)) };
}

async function counts({ database }: House): Promise<unknown> {
  const { rows } = await database.db.raw(
    `select (select count(*) from people.consent) as consents, (select count(*) from people.suppression) as stops,
       (select count(*) from people.subscription where until is null) as readers`,
  );
  return rows[0];
}

test.serial('who said no after the backup is not written to after its restore', async (t) => {
  const { app, ids, letter } = await party(t);
  app.clock.set(new Date(app.clock.now().getTime() + 60_000));
  const { file } = await backUp({ ...app.house, clock: app.clock });
  app.clock.set(new Date(app.clock.now().getTime() + 3 * 3600 * 1000));
  await sayNoes({ app, ids, letter });
  await app.drain();
  const journal = join(app.house.config.backups, 'erasures.log');
  const text = readFileSync(journal, 'utf8');
  t.notRegex(text, /@|example|left|objected\b/, 'nothing that tells who it is');

  const without = await restored(t, file, []);
  t.is((await reached(without.house, ids)).agreed.length, names.length, 'the backup has their yes');

  const { done, house } = await restored(t, file, [journal]);
  t.is(done.noes, 6, 'the one of a merged record counts for both');
  const { scope, agreed, readers } = await reached(house, ids);
  t.deepEqual(agreed, ['left', 'stays']);
  t.deepEqual(readers, ['objected', 'withdrew', 'twin', 'merged', 'stays']);
  const consents = house.getFor({ id: 'website', requires: ['people'], enhances: [] })(Consents);
  for (const name of ['objected', 'erased']) {
    t.true(await consents.isSuppressedForGood(scope, 'email', `${name}@b.example`), name);
  }
  t.like(await consents.current(scope, ids['withdrew'] ?? ''), [{ ...letters, given: false }]);

  const before = await counts(house);
  const again = noesSince(await readErasures(journal), new Date(0));
  for (const { personId, no } of again) await sayNo(house.registry, scope, personId, no);
  t.deepEqual(await counts(house), before, 'said twice is said once');
});

test.serial('a no that was rolled back is not written down', async (t) => {
  const { app, ids } = await party(t);
  const rolledBack = app.scope().write(async (own) => {
    const personId = ids['stays'] ?? '';
    await app
      .get('website')(Consents)
      .withdraw(own, { ...said, personId });
    throw new Error('no');
  });
  await t.throwsAsync(rolledBack, { message: 'no' });
  const { rows } = await app.house.database.db.raw('select said from core.erasure');
  t.deepEqual(rows, []);
});
