// Readers of a French letter are counted where they agreed, each once, and nobody else: by real letters over real HTTP.
import test from 'ava';
import { addressOf, scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { findLinks } from './measure.sql.ts';
import { renewMeasuring } from './measure.ts';
import { findSend } from './send.sql.ts';
import { subject } from './subject.ts';

type Test = Parameters<typeof scene>[0];

/** A chapter of a party that has it on, with three readers, of whom the second and the third agreed. */
async function counting(t: Test, { isOn = true } = {}) {
  const s = await scene(t, { count: 3 });
  const party = s.app.scope();
  const change = (countReaders: boolean) =>
    s.app.house.settings.change(party, 'outreach', { values: { countReaders } });
  if (isOn) await change(true);
  const say = (place: number, given: boolean) =>
    s.deps.consents[given ? 'give' : 'withdraw'](party, {
      ...{ personId: s.ids[place] ?? '', channel: 'email', purpose: 'measure', locale: 'fr' },
      ...{ wording: 'Oui.', source: 'outreach.choose', evidence: { letter: '1' } },
    });
  await say(1, true);
  await say(2, true);
  const visitor = s.app.visitor();
  const send = async () => {
    const id = await s.write();
    await s.releaseNow(id);
    await s.app.drain();
    return id;
  };
  /** As the reader has it of the last send. */
  const letterTo = (place: number) => {
    const mail = s.sink.taken.findLast(({ to }) => [to].flat()[0]?.text === addressOf(place));
    const html = String(mail?.html);
    const paths = [...html.matchAll(/(?:href|src)="http:\/\/localhost:\d+([^"]+)"/g)];
    const marked = paths
      .map(([, path = '']) => path)
      .filter((path) => path.startsWith('/counted/'));
    const links = marked.filter((path) => !path.endsWith('.gif'));
    return {
      html,
      text: mail?.text ?? '',
      links,
      picture: marked.find((path) => path.endsWith('.gif')),
    };
  };
  const open = (place: number) => visitor.get(letterTo(place).picture ?? '');
  const read = async (id: string) => {
    const { measured, opened, clicked } = await s.counts(id);
    return { measured, opened, clicked };
  };
  return { ...s, party, change, say, visitor, send, letterTo, open, read };
}

const none = { opened: 0, clicked: 0 };

test('who did not agree gets a letter without any mark, and with the links as they were written', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { html, text, links, picture } = s.letterTo(0);
  t.true(html.includes('href="https://x.example/b"'));
  t.regex(html, /href="http:\/\/localhost:\d+\/agir\?tracking=\w{10}"/);
  t.deepEqual([links, picture], [[], undefined]);
  t.notRegex(html + text, /compté|\/counted\//);
  t.deepEqual(await s.read(id), { measured: 2, ...none });
});

test('who agreed is told so, with a link to end it, and is counted once for each thing they do', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { html, text, links, picture = '' } = s.letterTo(1);
  t.is(links.length, 2);
  for (const where of [html, text]) {
    t.regex(where, /les liens que vous y suivez sont comptés/);
    t.regex(where, /\/unsubscribe\/[^"\s]+\/choose#counted/);
  }
  t.true(text.includes('https://x.example/b'), 'plain text shows where it leads');
  t.notRegex(text, /\/counted\//);
  t.is([...html.matchAll(/<img [^>]*width="1" height="1"/g)].length, 1);
  for (let twice = 0; twice < 2; twice += 1) {
    const seen = await s.visitor.get(picture);
    t.is(seen.status, 200);
    t.is(seen.headers.get('Content-Type'), 'image/gif');
    t.is(seen.headers.get('Cross-Origin-Resource-Policy'), 'cross-origin', 'in a mailbox too');
    t.is(seen.headers.get('Cache-Control'), 'no-store');
    t.is(seen.headers.get('Set-Cookie'), null);
    t.deepEqual(await s.read(id), { measured: 2, opened: 1, clicked: 0 });
  }
  for (let twice = 0; twice < 2; twice += 1) {
    const led = await s.visitor.get(links[0] ?? '');
    t.is(led.status, 302);
    t.is(led.headers.get('Location'), 'https://x.example/b');
    t.is(led.headers.get('Cache-Control'), 'no-store');
    t.is(led.headers.get('Referrer-Policy'), 'no-referrer');
    t.is(led.headers.get('Set-Cookie'), null);
    t.deepEqual(await s.read(id), { measured: 2, opened: 1, clicked: 1 });
  }
  const other = await s.visitor.get(links[1] ?? '');
  t.regex(other.headers.get('Location') ?? '', /^\/agir\?tracking=\w{10}$/, 'the send’s mark too');
  // A link that is followed has been opened, though its pictures were not loaded; two at once are one.
  const [first = ''] = s.letterTo(2).links;
  await Promise.all(Array.from({ length: 8 }, () => s.visitor.get(first)));
  t.deepEqual(await s.read(id), { measured: 2, opened: 2, clicked: 2 });
  const people = (await findLinks(s.scope, id)).map((one) => one.people);
  t.deepEqual(people, [2, 1]);
});

test('a withdrawal by the link at the foot counts also for letters that are out, and whoever withdrew is still led', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { html, links } = s.letterTo(1);
  const [, choices = ''] =
    /"http:\/\/localhost:\d+(\/unsubscribe\/[^"#]+\/choose)#counted"/.exec(html) ?? [];
  const page = await s.visitor.get(choices);
  t.regex(page.body, /name="counted" value="yes" checked/);
  const no = await s.visitor.post(choices, { do: 'count' });
  t.is(no.status, 200);
  t.regex(no.body, /name="counted" value="yes"(?! checked)/);
  await s.open(1);
  t.is((await s.visitor.get(links[0] ?? '')).headers.get('Location'), 'https://x.example/b');
  t.deepEqual(await s.read(id), { measured: 2, ...none });
  await s.send();
  t.deepEqual(s.letterTo(1).links, []);
  // And back again, in the words that stood there.
  await s.visitor.post(choices, { do: 'count', counted: 'yes' });
  await s.visitor.post(choices, { do: 'count', counted: 'yes' });
  const { rows } = await s.party.db.raw(
    `select c.given, d.wording, c.source from people.consent c join people.consent_detail d on d.consent_id = c.id
     where c.person_id = :of and c.purpose = 'measure' order by c.id`,
    { of: s.ids[1] ?? '' },
  );
  t.deepEqual(
    rows.map(({ given }: { given: boolean }) => given),
    [true, false, true],
  );
  t.true(page.body.includes(rows[2].wording), rows[2].wording);
  const last = await s.send();
  await s.open(1);
  t.like(await s.read(last), { measured: 2, opened: 1 });
});

test('who has themselves erased is led and counted no more, and the numbers stay', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { links, picture = '' } = s.letterTo(1);
  await s.visitor.get(links[0] ?? '');
  const copy: Record<string, unknown>[] = [];
  for await (const one of subject.export(s.party, s.ids[1] ?? '')) copy.push({ ...one });
  t.like(copy, [
    { table: 'outreach.recipient', row: { is_measured: true } },
    { table: 'outreach.reading', row: { followed: ['https://x.example/b'] } },
  ]);
  await s.app.house.subjects.erase(s.party, s.ids[1] ?? '');
  const { rows } = await s.party.db.raw('select * from outreach.reading');
  t.deepEqual(rows, []);
  await s.visitor.get(picture);
  t.is((await s.visitor.get(links[1] ?? '')).status, 302);
  t.deepEqual(await s.read(id), { measured: 2, opened: 1, clicked: 1 });
});

test('where the party has it off nothing of it is shown or counted, also of letters that are out; the stop ends it too', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { html, links } = s.letterTo(1);
  const [, choices = ''] = /(\/unsubscribe\/[^"#]+\/choose)"/.exec(html) ?? [];
  // Of what was to be counted, and went back before it left, nothing leaves that is.
  const waiting = await s.write();
  await s.releaseNow(waiting);
  const row = await findSend(s.scope, waiting);
  if (row) await freeze(s.scope, s.deps, row, actOf({ reach: 'email' }, s));
  await s.party.db.raw(
    'update outreach.recipient set is_measured = true where send_id = :waiting',
    { waiting },
  );
  await s.change(false);
  await renewMeasuring(s.scope, s.deps);
  t.notRegex((await s.visitor.get(choices)).body, /name="counted"/);
  t.is((await s.visitor.post(choices, { do: 'count', counted: 'yes' })).status, 422);
  await s.open(1);
  t.is((await s.visitor.get(links[0] ?? '')).status, 302);
  t.deepEqual(await s.read(id), { measured: 2, ...none });
  await s.send();
  t.deepEqual(s.letterTo(1).links, []);
  t.like(await s.read(waiting), { measured: 0 });
  await s.change(true);
  await s.send();
  const pathOf = (place: number) =>
    /(\/unsubscribe\/[^"#]+\/choose)"/.exec(s.letterTo(place).html)?.[1] ?? '';
  const said = async (place: number) =>
    (await s.deps.consents.current(s.party, s.ids[place] ?? '')).find(
      ({ purpose }) => purpose === 'measure',
    )?.given;
  await s.visitor.post(pathOf(0), { do: 'save', shown: s.newsletterId, wanted: s.newsletterId });
  t.is(await said(0), undefined);
  await s.visitor.post(pathOf(1), { do: 'stop' });
  t.is(await said(1), false);
});

test('a program that looks ahead is led and not counted, and no link that we did not make leads anywhere', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { links, picture = '', html } = s.letterTo(1);
  for (const name of ['Sec-Purpose', 'Purpose']) {
    const headers = { [name]: 'prefetch;prerender' };
    t.is((await s.visitor.ask('GET', links[0] ?? '', { headers })).status, 302);
    t.is((await s.visitor.ask('GET', picture, { headers })).status, 200);
  }
  t.is((await s.visitor.ask('HEAD', links[0] ?? '', {})).status, 302);
  t.is((await s.visitor.ask('HEAD', picture, {})).status, 200);
  t.deepEqual(await s.read(id), { measured: 2, ...none });
  const home = (links[0] ?? '').replace(/\/\d+$/, '');
  const stop = /\/unsubscribe\/([^/"]+)"/.exec(html)?.[1] ?? '';
  for (const path of [
    ...[`${home}/3`, `${home}/0`, `${home}/99999`, `${home}/-1`, `${home}/1e0`],
    ...[`${home}/https:%2F%2Fevil.example`, `/counted/v1.x.y/1`, `/counted/${stop}/1`],
    `${home.slice(0, -2)}AA/1`,
  ]) {
    const answer = await s.visitor.get(path);
    t.is(answer.status, 404, path);
    t.regex(answer.body, /ne mène nulle part/, path);
  }
  const led = await s.visitor.get(`${links[0]}?to=https://evil.example`);
  t.is(led.headers.get('Location'), 'https://x.example/b');
  for (const path of [`/counted/v1.x.y/picture.gif`, `/counted/${stop}/picture.gif`]) {
    t.is((await s.visitor.get(path)).status, 200, 'a picture is a picture');
  }
  t.is((await s.visitor.get(`/unsubscribe/${home.split('/')[2]}`)).status, 404);
  t.deepEqual(await s.read(id), { measured: 2, opened: 1, clicked: 1 });
});

test('after ninety days it is forgotten who read, the numbers stay, and who comes later is led and not counted; two who become one read once', async (t) => {
  const s = await counting(t);
  const id = await s.send();
  const { links } = s.letterTo(1);
  await s.visitor.get(links[0] ?? '');
  t.is(await subject.forget?.(s.party), 0);
  s.app.clock.set('2027-02-23T10:00:00Z');
  t.is(await subject.forget?.(s.party), 1);
  t.is((await s.visitor.get(links[0] ?? '')).status, 302);
  t.is((await s.visitor.get(s.letterTo(2).links[0] ?? '')).status, 302);
  t.deepEqual(await s.read(id), { measured: 2, opened: 1, clicked: 1 });
  t.deepEqual(
    (await findLinks(s.scope, id)).map(({ people }) => people),
    [1, 0],
  );
  const later = await s.send();
  await s.open(1);
  await s.open(2);
  await s.app.house.subjects.merge(s.party, s.ids[1] ?? '', s.ids[2] ?? '');
  const { rows } = await s.party.db.raw('select recipient_id from outreach.reading');
  t.is(rows.length, 1);
  t.like(await s.read(later), { opened: 2 });
});
