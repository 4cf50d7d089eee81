// The setup page without script, and the party set up by the environment.
import test from 'ava';
import { createSetupLink } from '../accounts/link.ts';
import { StartError } from '../database/start-error.ts';
import { loadPacks } from '../law/pack.ts';
import { makeApp } from '../testing/app.ts';
import { answersFrom } from './setup.ts';

const typed = {
  ...{ jurisdiction: 'us', party: 'Pirouette Party', locale: 'en', timeZone: 'UTC' },
  ...{ controller: 'Pirouette Inc.', address: '', contact: '', publicationDirector: '', host: '' },
  ...{ name: '', email: '', password: '' },
};

test('a reader without script sees another country’s law, and what was typed stays', async (t) => {
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  const visitor = app.visitor();
  const link = new URL(await createSetupLink(app.house)).pathname;
  const german = { 'Accept-Language': 'de, en;q=0.5' };
  const first = await visitor.get(`${link}?jurisdiction=fr`, german);
  t.regex(first.body, /CNIL/);
  t.regex(first.body, /value="Europe\/Paris" selected/);
  const shown = await visitor.post(link, { ...typed, look: 'true' }, german);
  t.is(shown.status, 200);
  t.notRegex(shown.body, /CNIL|aria-invalid/);
  t.regex(shown.body, /value="us" selected/);
  t.regex(shown.body, /value="Pirouette Party"/);
  t.is(app.house.organizations.root(), undefined);

  const refused = await visitor.post(link, { ...typed, timeZone: 'Mars/Olympus' }, german);
  t.is(refused.status, 422);
  t.regex(refused.body, /href="#f-password"/);
  t.regex(refused.body, /value="Pirouette Inc\."/);
});

for (const [asked, law] of [
  ['en-GB,en;q=0.9', 'gb'],
  ['en-US', 'us'],
  ['en', 'us'],
  ['fr-CA, fr;q=0.5', 'ca'],
  ['fr-LU, fr;q=0.5', 'fr'],
  ['*', 'us'],
] as const) {
  test(`who reads "${asked}" is first shown the law of ${law}`, async (t) => {
    const app = await makeApp(t, { isSetUp: false, isFresh: true });
    const link = new URL(await createSetupLink(app.house)).pathname;
    const { body } = await app.visitor().get(link, { 'Accept-Language': asked });
    t.regex(body, new RegExp(`value="${law}" selected`));
  });
}

test('the environment sets up all or nothing, and says what it lacks', async (t) => {
  const packs = await loadPacks();
  const whole = {
    ...{ jurisdiction: 'fr', organization: 'Parti', adminEmail: 'zoe@example.org' },
    adminPassword: 'quatre mots sans rapport',
  };
  const none = Object.fromEntries(Object.keys(whole).map((key) => [key, undefined]));
  t.is(answersFrom(none as never, packs), undefined);
  t.like(answersFrom(whole, packs), {
    ...{ party: 'Parti', locale: 'fr', timeZone: 'Europe/Paris', acknowledged: 'environment' },
  });
  const faults: [object, RegExp][] = [
    [{ adminEmail: undefined }, /ROSTRA_ADMIN_EMAIL must be set too\.$/],
    [{ jurisdiction: 'zz' }, /ROSTRA_JURISDICTION must be one of .*fr, .*us\.$/],
    [{ adminPassword: 'court' }, /ROSTRA_ADMIN_PASSWORD must have at least 12 characters\.$/],
    [{ adminPassword: 'parti-zoe-2026' }, /ROSTRA_ADMIN_PASSWORD must be one that a stranger/],
  ];
  for (const [change, message] of faults) {
    const act = () => answersFrom({ ...whole, ...change }, packs);
    t.throws(act, { instanceOf: StartError, message });
  }
});

test('a demo that cannot be filled leaves the party set up, and says how to try again', async (t) => {
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  await app.house.database.db.raw(
    'alter table core.demo_row add constraint full_disk check (false) not valid',
  );
  const link = new URL(await createSetupLink(app.house)).pathname;
  const visitor = app.visitor();
  const who = { name: 'Zoé', email: 'zoe@example.org' };
  const answers = { ...typed, ...who, demo: 'true', acknowledged: 'true' };
  const guessed = await visitor.post(link, { ...answers, password: 'pirouetteparty' });
  t.is(guessed.status, 422);
  t.regex(guessed.body, /one that a stranger would try/);
  const answer = await visitor.post(link, { ...answers, password: 'four unrelated words' });
  t.is(answer.status, 500);
  t.regex(answer.body, /Your own party is set up and works/);
  t.regex(answer.body, /href="\/admin\/demo"/);
  t.is(app.house.organizations.root()?.name, 'Pirouette Party');
  t.is(app.house.demo.current(), undefined);
  t.is((await visitor.get('/admin')).status, 200, 'logged in, too');
});
