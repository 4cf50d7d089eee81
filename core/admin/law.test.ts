// The pages of the law: every rule, the simulator, and the signature that puts a draft in force.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { examine } from '../cli/doctor.ts';
import { packsFolder } from '../law/own.ts';
import type { RuleId } from '../law/rules.ts';
import { type App, makeApp } from '../testing/index.ts';
import { until } from '../testing/until.ts';
import { valueInWords } from './law-words.ts';

const words = 'Read by our counsel, Dr. Muster, on 20 November.';

function permits(app: App, word: string): { effect: string; rule: string | undefined } {
  const { packs, organizations, clock } = app.house;
  const { jurisdiction = '' } = organizations.root() ?? {};
  const { effect, reasons } = packs.permits(jurisdiction, word, clock.now());
  return { effect, rule: reasons[0]?.rule };
}

test('a draft is off until it is signed, in both processes, and off again without the signature', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'de' });
  const other = await makeApp(t, { databaseUrl: app.house.config.databaseUrl });
  const staff = await app.staff();
  t.like(permits(app, 'newsletter.send'), { effect: 'deny', rule: 'default.draft' });
  t.regex((await staff.get('/admin/law')).body, /a draft that nobody here has signed/);
  const page = (await staff.get('/admin/law/packs/de')).body;
  const version = /name="version" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const sign = (answers: Record<string, string>) => staff.post('/admin/law/packs/de/sign', answers);
  t.is((await sign({ version, words })).status, 422, 'unread');
  t.is((await sign({ version: '1999.1.0', words, read: 'true' })).status, 409);
  t.is((await sign({ version, words, read: 'true' })).status, 303);
  t.is(permits(app, 'newsletter.send').effect, 'allow');
  await other.house.versions.poll();
  await until(() => permits(other, 'newsletter.send').effect === 'allow');
  const signed = (await staff.get('/admin/law/packs/de')).body;
  t.regex(signed, /Dr\. Muster[\s\S]*Withdraw the signature/);
  t.regex(signed, /<dd>Staff \d/);

  t.is((await staff.post('/admin/law/packs/de/withdraw', {})).status, 303);
  t.is(permits(app, 'newsletter.send').effect, 'deny');
  const { rows } = await app.house.database.db.raw(
    `select act, subject_id from core.audit where act like 'core.law.%' order by id`,
  );
  t.deepEqual(
    rows.map(({ act, subject_id }: Record<string, string>) => `${act} ${subject_id}`),
    ['core.law.signed de', 'core.law.withdrawn de'],
  );
});

test('a chapter’s administrator reads the packs and signs none', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'de' });
  const staff = await app.staff('administrator', await app.chapter('Hessen'));
  const page = await staff.get('/admin/@hessen/law/packs/de');
  t.is(page.status, 200);
  t.notRegex(page.body, /name="words"/);
  const version = app.house.packs.get('de')?.version ?? '';
  const answers = { version, words, read: 'true' };
  t.is((await staff.post('/admin/@hessen/law/packs/de/sign', answers)).status, 403);
  t.is(permits(app, 'newsletter.send').effect, 'deny');
});

test('countries stand in the order of the reader’s alphabet', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const { body } = await (await app.staff()).get('/admin/law/packs');
  const names = [...body.matchAll(/<a href="\/admin\/law\/packs\/[^"]+">([^<]+)</g)].map(
    ([, name = '']) => name.trim(),
  );
  t.true(names.indexOf('Germany') > names.indexOf('France'));
  t.deepEqual(
    names,
    [...names].sort((a, b) => a.localeCompare(b, 'en')),
  );
});

test('the map tells every rule in words, with its text, and filters those to be checked', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff();
  const { body } = await staff.get('/admin/law/rules');
  t.regex(body, /€150 a gift/);
  t.regex(body, /Code électoral, art\. L52-8/);
  t.true((await staff.get('/admin/law/rules?show=unverified')).body.length < body.length);
  t.regex((await staff.get('/admin/law/rules?show=lapsed&pack=us')).body, /\$3,500 an election/);
});

test('in French too, hours, days and windows are told as one says them', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const scope = app.house.scopes.make({
    ...{ organizationId: app.scope().organization.id, locale: 'fr' },
    actor: { kind: 'system', name: 'test' },
  });
  const say = (id: RuleId) =>
    valueInWords(app.house.locales, scope, id, scope.law.rule(id).value)
      .join(' ')
      .replace(/[\u00a0\u202f]/g, ' ');
  t.is(say('money.cash'), '150 € par don');
  t.regex(
    say('messaging.quiet'),
    /SMS : lun\.–sam\. 09:00–20:00 ; dim\. jamais ; jours fériés jamais/,
  );
  t.deepEqual(valueInWords(app.house.locales, scope, 'messaging.do_not_call', []), ['Néant']);
  const boosting = app.house.packs.rule('br', 'election.paid_ads', { when: scope.now() }).value;
  t.regex(
    String(valueInWords(app.house.locales, scope, 'election.paid_ads', boosting)),
    /^48.heures avant le jour du scrutin, jusqu’à 24.heures après le jour du scrutin/,
  );
  t.regex(say('calendar.holidays'), /1 janvier.*lundi de Pâques/);
  t.regex(say('election.silence'), /^1 jour avant le jour du scrutin, jusqu’à la fermeture/);
  t.is(say('requests.answer'), 'Sous 1 mois');
  t.is(say('breach.authority'), 'Sous 72 heures');
  t.regex(
    say('money.donors'),
    /Peuvent donner : personne physique et parti.*nationalité \(France\)/,
  );
});

test('every pack can be told in words, in both languages', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const staff = await app.staff();
  for (const id of app.house.packs.ids) {
    const { status, body } = await staff.get(`/admin/law/rules?pack=${id}`);
    t.is(status, 200, id);
    t.notRegex(body, /law\.(value|word|rule|capability|condition)\.[a-z]/, id);
  }
});

test('the simulator answers for one act, one person, one day, by which text', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff();
  const ask = async (query: string) => (await staff.get(`/admin/law/ask?${query}`)).body;
  t.regex(await ask('word=enrich.social'), /law-note deny[\s\S]*CNIL, communiqué/);
  const segment = 'word=audience.segment&country=FR';
  t.regex(await ask(`${segment}&age=30`), /law-note conditional[\s\S]*separate/i);
  t.regex(await ask(`${segment}&age=15`), /law-note deny/);
  t.regex(await ask('word=newsletter.send&country=DE'), /law-note conditional/);
  const cash = await ask('word=money.cash');
  t.regex(cash, /€150 a gift[\s\S]*L52-8/);
  t.notRegex(await ask('word=nonsense'), /law-note/);
  t.regex(await ask('word=messaging.opt_out&day=2026-02-31'), /STOP/);
});

test('a broken edit of the party’s own pack is told on the page and by doctor, and undone by itself', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const folder = packsFolder(app.house.config);
  mkdirSync(folder, { recursive: true });
  const pack = {
    ...{ id: 'fr-union', version: '2026.11.0', extends: ['fr'], choosable: true },
    ...{ status: 'reviewed', countries: [], timeZone: 'Europe/Paris', currency: 'EUR' },
    ...{ capabilities: {}, matters: {} },
  };
  const file = join(folder, 'fr-union.json');
  writeFileSync(file, JSON.stringify(pack));
  t.true(app.house.packs.reread());
  await app.house.verbs.updateOrganization(app.scope(), app.scope().organization.id, {
    jurisdiction: 'fr-union',
  });
  const staff = await app.staff();
  t.regex((await staff.get('/admin/law')).body, /France \(Union\), version 2026\.11\.0\+/);
  writeFileSync(file, JSON.stringify({ ...pack, rules: { 'no.such': [] } }, undefined, 1));
  app.house.packs.reread();
  t.regex((await staff.get('/admin/law')).body, /fr-union\.json: rules\.no\.such.* \(line \d+\)/);
  t.is(permits(app, 'newsletter.send').effect, 'allow');
  const law = async () => (await examine(app.house)).find(({ what }) => what === 'law');
  t.regex(String((await law())?.faults), /fr-union\.json.*\(line \d+\)/);
  rmSync(file);
  app.house.packs.reread();
  t.regex(String((await law())?.faults), /fr-union.*not there/);
});
