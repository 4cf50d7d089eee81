// What a reader gets, chosen by the link at the foot of a letter: kept with its words, and nobody else's.
import test from 'ava';
import { Consents } from 'rostra/people';
import { openBrowser } from 'rostra/testing';
import { choicesOf, choose, stopEvery } from './choose.ts';
import { addressOf, scene } from './fixture.ts';
import { openStop } from './stop.ts';

/** The second of two readers of Lyon's letter, on the party's site, where its link leads. */
async function read(t: Parameters<typeof scene>[0]) {
  const s = await scene(t, { count: 2 });
  await s.releaseNow(await s.write());
  await s.app.drain();
  const pathTo = (name: string): string => {
    const mail = s.sink.taken.find(({ subject }) => subject?.includes(name));
    const html = String(mail?.html);
    return /href="http:\/\/localhost:\d+(\/unsubscribe\/[^"]+\/choose)"/.exec(html)?.[1] ?? '';
  };
  const party = s.app.scope();
  const [of = ''] = s.ids.slice(1);
  const names = async (id = of) => (await s.deps.newsletters.of(party, id)).map(({ name }) => name);
  const said = async (id = of) =>
    (
      await party.db.raw(
        `select c.organization_id as "to", c.purpose, c.given, c.locale, c.source, d.wording, d.evidence
         from people.consent c join people.consent_detail d on d.consent_id = c.id
         where c.person_id = :id and c.source = 'outreach.choose' order by c.id`,
        { id },
      )
    ).rows;
  const link = async (path = pathTo('Jeanne1')) => {
    const opened = await openStop(party, s.deps, path.split('/')[2] ?? '');
    if (!opened) throw new Error('the link does not open');
    return opened;
  };
  const [general] = (await s.deps.newsletters.list(party)).filter(
    (one) => one.id !== s.newsletterId,
  );
  if (!general) throw new Error('a party begins with a newsletter');
  const path = pathTo('Jeanne1');
  return { ...s, party, of, path, pathTo, names, said, link, general };
}

const both = (all: Record<string, string[]>): URLSearchParams => {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(all)) {
    for (const value of values) body.append(name, value);
  }
  return body;
};

test('a reader sees by the link at the foot what they get and could get, and a look changes nothing', async (t) => {
  const s = await read(t);
  t.truthy(s.path);
  const page = await s.app.visitor().get(s.path);
  t.is(page.status, 200, page.body);
  t.regex(page.body, new RegExp(`value="${s.newsletterId}" checked`));
  t.regex(page.body, new RegExp(`value="${s.general.id}"(?! checked)`));
  t.notRegex(page.body, /Jeanne|lecteur/);
  t.is(page.headers.get('Cache-Control'), 'no-store');
  t.deepEqual(await s.names(), ['La lettre de Lyon']);
  t.deepEqual(await s.said(), []);
  t.is((await s.app.visitor().get(`/unsubscribe/v1.x.y/choose`)).status, 404);
});

test('one newsletter more is a proven yes in the words that were shown, one less ends it, and the last takes the yes back', async (t) => {
  const s = await read(t);
  const visitor = s.app.visitor();
  const shown = [s.newsletterId, s.general.id];
  const save = (wanted: string[]) =>
    visitor.ask('POST', s.path, { body: both({ shown, wanted, do: ['save'] }) });
  const first = await save(shown);
  t.is(first.status, 200, first.body);
  t.deepEqual((await s.names()).sort(), [s.general.name, 'La lettre de Lyon'].sort());
  const [yes, ...more] = await s.said();
  t.deepEqual(more, []);
  t.true(first.body.includes(yes.wording), yes.wording);
  t.like(yes, {
    ...{ to: s.party.organization.id, purpose: 'newsletter', given: true, locale: 'fr' },
    source: 'outreach.choose',
  });
  const evidence = JSON.parse(JSON.stringify(yes.evidence));
  t.is(evidence.confirmedAt, s.party.now().toISOString());
  t.is(evidence.newsletter, s.general.name);
  await save(shown);
  t.is((await s.said()).length, 1);
  await save([s.general.id]);
  t.deepEqual(await s.names(), [s.general.name]);
  t.is((await s.said()).length, 1);
  await save([]);
  t.deepEqual(await s.names(), []);
  t.like((await s.said())[1], { given: false, purpose: 'newsletter', wording: yes.wording });
  await save([s.newsletterId]);
  t.deepEqual(await s.names(), ['La lettre de Lyon']);
  t.like((await s.said())[2], { given: true, to: s.chapter });
});

test('what did not stand on the page is neither left nor, of another chapter, subscribed to', async (t) => {
  const s = await read(t);
  const lille = s.app.scope(await s.app.chapter('Lille'));
  const { rows } = await lille.db.raw(
    `insert into people.newsletter (organization_id, key, name, description, created_at)
     values (:id, 'lille', 'La lettre de Lille', '', :now) returning id`,
    { id: lille.organization.id, now: lille.now() },
  );
  const body = both({ shown: [s.general.id], wanted: [rows[0].id], do: ['save'] });
  await s.app.visitor().ask('POST', s.path, { body });
  t.deepEqual(await s.names(), ['La lettre de Lyon']);
});

test('everything stops at one press, with the words of the button’s sentence, and twice is once', async (t) => {
  const s = await read(t);
  await s.deps.newsletters.subscribe(s.party, s.of, s.general.id);
  for (let twice = 0; twice < 2; twice += 1) {
    const body = both({ do: ['stop'] });
    const answer = await s.app.visitor().ask('POST', s.path, { body });
    t.is(answer.status, 200, answer.body);
    const [no] = await s.said();
    t.true(answer.body.includes(no.wording), no.wording);
  }
  t.deepEqual(await s.names(), []);
  const said = await s.said();
  t.deepEqual(
    said.map(({ given, purpose }: { given: boolean; purpose: string }) => [given, purpose]),
    [
      [false, 'newsletter'],
      [false, 'campaign'],
    ],
  );
  const act = { channel: 'email', purpose: 'newsletter', newsletterId: s.newsletterId } as const;
  t.deepEqual(await s.deps.reach.among(s.scope, [s.of], act), []);
});

test('who objected is not brought back by a tick', async (t) => {
  const s = await read(t);
  await s.app.get('outreach')(Consents).stopAll(s.scope, s.of, 'objection');
  const body = both({ shown: [s.general.id], wanted: [s.general.id], do: ['save'] });
  const answer = await s.app.visitor().ask('POST', s.path, { body });
  t.is(answer.status, 422);
  t.deepEqual(await s.names(), []);
  t.deepEqual(await s.said(), []);
});

test('of two people who had the same address each sees and changes what is theirs alone', async (t) => {
  const s = await read(t);
  const [other = ''] = s.ids;
  await s.deps.newsletters.subscribe(s.party, other, s.general.id);
  // The household's address went from the one to the other.
  await s.party.db.raw(`update outreach.recipient set address = :address where person_id = :of`, {
    address: addressOf(0),
    of: s.of,
  });
  await s.party.db.raw(`delete from people.email_address where person_id = :of`, { of: s.of });
  const page = await s.app.visitor().get(s.path);
  t.is(page.status, 200);
  t.notRegex(page.body, new RegExp(`value="${s.general.id}"`));
  t.regex(page.body, new RegExp(`value="${s.newsletterId}" checked`));
  const body = both({ shown: [s.newsletterId], wanted: [s.general.id], do: ['save'] });
  await s.app.visitor().ask('POST', s.path, { body });
  t.deepEqual(await s.names(), []);
  t.deepEqual((await s.names(other)).length, 2);
});

test('on a sister chapter’s site the link shows and changes nothing', async (t) => {
  const s = await read(t);
  const lille = s.app.scope(await s.app.chapter('Lille'));
  const link = await s.link();
  t.is(await choicesOf(lille, s.deps, link), undefined);
  const said = { shown: [s.newsletterId], wanted: [] };
  t.is(await choose(lille, s.deps, link, said), 'gone');
  t.is(await stopEvery(lille, s.deps, link), 'gone');
  t.deepEqual(await s.names(), ['La lettre de Lyon']);
  t.deepEqual(await s.said(), []);
});

for (const [width, dark] of [
  [360, false],
  [1280, true],
] as const) {
  test(`at ${width} pixels a reader chooses what they get`, async (t) => {
    const s = await read(t);
    const browser = await openBrowser(t, { width, dark, locale: 'fr-FR' });
    const { page } = browser;
    const look = async (name: string) => {
      await browser.shot(`choose-${name}-${width}`);
      t.deepEqual(await browser.violations(), [], name);
      t.is(await browser.overflow(), 0, name);
    };
    await page.goto(`${s.app.url}${s.path}`);
    await look('1-open');
    await page.click(`text=${s.general.name}`);
    await page.click('text=Enregistrer mon choix');
    await look('2-saved');
    t.is((await s.names()).length, 2);
    await page.click('text=Tout arrêter');
    await look('3-stopped');
    t.deepEqual(await s.names(), []);
    t.deepEqual(browser.complaints, []);
  });
}
