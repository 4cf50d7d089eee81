// The link of a text message whose sender cannot be answered: short, nobody's but its reader's, and one press stops.
import { randomUUID } from 'node:crypto';
import test from 'ava';
import { numberOf, scene } from './fixture.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import { headIn, shortPathOf } from './short.ts';

test('a link is twelve signs of the sixty random bits of a key, and leads back to them', (t) => {
  for (let time = 0; time < 1_000; time += 1) {
    const key = randomUUID();
    const path = shortPathOf(key) ?? '';
    t.regex(path, /^\/s\/[0-9a-hjkmnp-tv-z]{12}$/);
    t.is(headIn(path.slice(3)), key.slice(0, 18), key);
    t.is(headIn(path.slice(3).toUpperCase()), key.slice(0, 18), 'also as a telephone writes it');
  }
  t.is(shortPathOf('00000000-0000-1000-8000-000000000000'), undefined);
  t.is(shortPathOf('try-1'), undefined);
  for (const code of ['', 'x', 'xxxxxxxxxxxxx', 'ilouilouilou', '../../../etc', '💥'.repeat(6)])
    t.is(headIn(code), undefined, code);
});

test('a send by a name leads each reader to a page that stops their number, and no other', async (t) => {
  const s = await scene(t, { sender: 'PARTI', count: 2 });
  const id = await s.write();
  const staff = await s.app.staff();
  const send = await s.deps.outreach.find(s.scope, id);
  await staff.post(`/admin/outreach/${id}/release`, {
    version: String(send?.version),
    when: 'now',
  });
  await s.app.drain();
  const mine = s.taken.find(({ to }) => to === numberOf(0));
  t.is(s.taken.length, 2);
  const [, path = ''] =
    /Refuser les SMS : http:\/\/localhost:\d+(\/s\/\w+)$/.exec(mine?.text ?? '') ?? [];
  t.is(path.length, 15, mine?.text);
  const visitor = s.app.visitor();
  const stopped = async (place: number) =>
    isStopped(s.scope, await markOf(s.scope, s.deps, numberOf(place)));
  const page = await visitor.get(path);
  t.is(page.status, 200);
  t.regex(page.body, /se termine par 00/);
  t.false(page.body.includes(numberOf(0)), 'the page tells no number');
  t.false(await stopped(0), 'to look at it changes nothing');
  t.regex((await visitor.post(path, {})).body, /ne recevra plus de SMS/);
  t.true(await stopped(0));
  t.false(await stopped(1));
  const said = await s.deps.consents.current(s.scope, s.ids[0] ?? '');
  t.true(said.filter(({ channel }) => channel === 'sms').every(({ given }) => !given));
  t.is((await visitor.post(path, {})).status, 200, 'twice is the same');
  const audit = await s.scope.db.raw(
    `select count(*)::int as count from core.audit where act = 'sms.number.stopped'`,
  );
  t.is(audit.rows[0].count, 1);
  const wrong = path.replace(/.$/, path.endsWith('0') ? '1' : '0');
  t.is((await visitor.get(wrong)).status, 404);
  t.regex((await visitor.get(wrong)).body, /donnees@example\.org/);
  await s.app.house.subjects.erase(s.scope, s.ids[0] ?? '');
  t.is((await visitor.get(path)).status, 404, 'of who was erased nothing is told');
});

test('an answerable sender has no link, and none leads to its messages', async (t) => {
  const s = await scene(t, { count: 1 });
  const id = await s.write();
  const staff = await s.app.staff();
  const send = await s.deps.outreach.find(s.scope, id);
  await staff.post(`/admin/outreach/${id}/release`, {
    version: String(send?.version),
    when: 'now',
  });
  await s.app.drain();
  t.notRegex(s.taken[0]?.text ?? '', /\/s\//);
  const { rows } = await s.scope.db.raw('select key from sms.message');
  t.is((await s.app.visitor().get(shortPathOf(rows[0].key) ?? '')).status, 404);
});
