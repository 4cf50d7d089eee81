// An invented party comes and goes: nothing leaves while it is here, nothing of it stays.
import test from 'ava';
import type { House } from '../assemble.ts';
import { verifyAudit } from '../audit/seal.ts';
import { startMailPeer } from '../mail/fixture.ts';
import { findOutbox } from '../mail/outbox.sql.ts';
import { makeApp } from '../testing/index.ts';
import { fillDemo, removeDemo } from './demo.ts';
import { inventedParties } from './party.ts';

/** Rows of every table there is, by the database's own catalogue. */
async function countRows({ database }: House): Promise<Record<string, number>> {
  const { rows } = await database.db.raw(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)'
     order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const found = await database.db.raw(`select count(*)::int as count from ${name}`);
    counts[name] = found.rows[0].count;
  }
  return counts;
}

/** The trail says that a demo came and went; a version is a number that moved, the queue's work that waits is no trace. */
function withoutTrail(counts: Record<string, number>): Record<string, number> {
  const trail = /^(core\.(audit|audit_detail|version)|graphile_worker\..*)$/;
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !trail.test(name)));
}

const people = 1_500;

for (const country of Object.keys(inventedParties)) {
  test(`an invented party of ${country} comes, and goes without a trace`, async (t) => {
    const app = await makeApp(t, { jurisdiction: country, isAnonymous: true });
    const before = await countRows(app.house);
    const legal = app.house.organizations.root()?.legal;
    const told: number[] = [];
    const tell = (done: number) => void told.push(done);
    const logins = await fillDemo(app.house, { country, people, tell });
    const roles = new Set(logins.map(({ role }) => role));
    t.is(roles.size, 6);
    t.is(app.house.organizations.all().length, 4);
    t.is(told.at(-1), people);
    const filled = await countRows(app.house);
    t.true(Object.keys(before).filter((name) => filled[name] !== before[name]).length > 15);
    t.deepEqual(await removeDemo(app.house), []);
    t.deepEqual(withoutTrail(await countRows(app.house)), withoutTrail(before));
    t.deepEqual(app.house.organizations.root()?.legal, legal);
    const acts = await app.house.database.db('core.audit').orderBy('id').pluck('act');
    t.deepEqual(acts.slice(-2), ['core.demo.filled', 'core.demo.removed']);
    t.deepEqual((await verifyAudit(app.house.database.db)).faults, []);
  });
}

test('while it is here no message leaves, even to a server that would take it, and every page says so', async (t) => {
  const peer = await startMailPeer(t);
  const app = await makeApp(t, { smtpUrl: peer.url });
  const write = () =>
    app.house
      .mail('core')
      .send(app.scope(), { to: 'zoe@example.org', view: 'mail/test', data: {} });
  await fillDemo(app.house, { country: 'us', people: 20 });
  await write();
  await app.drain();
  t.is(peer.received.length, 0);
  t.like((await findOutbox(app.scope(), { limit: 1 }))[0], { state: 'ready' });
  const staff = await app.staff();
  for (const page of ['/admin', '/admin/organizations', '/admin/outbox'])
    t.regex((await staff.get(page)).body, /Invented data: nothing is sent\./, page);
  t.regex((await (await app.staff('organiser')).get('/admin')).body, /Invented data/);
  t.regex((await staff.get('/admin/outbox')).body, /href="\/admin\/demo"/);
  const chapter = app.house.organizations.all().find(({ parentId }) => parentId)?.slug;
  const outbox = (await staff.get(`/admin/@${chapter}/outbox`)).body;
  t.regex(outbox, /No message leaves/);
  t.notRegex(outbox, /@[\w-]+\/demo/, 'what only the party may do is not offered to a chapter');

  t.is((await staff.post('/admin/demo/remove', {})).status, 303);
  t.notRegex((await staff.get('/admin')).body, /Invented data/);
  await app.drain();
  t.is(peer.received.length, 1);
});

test('what is not the demo’s stays, whatever it hangs on', async (t) => {
  const app = await makeApp(t);
  await fillDemo(app.house, { country: 'us', people: 30 });
  const root = app.house.organizations.root();
  const ohio = app.house.organizations.bySlug('ohio');
  t.truthy(ohio);
  const real = await app.house.verbs.createOrganization(app.scope(ohio?.id), {
    ...{ name: 'Dayton', slug: 'dayton' },
  });
  await app.staff('organiser', real);
  t.deepEqual(await removeDemo(app.house), ['Ohio']);
  const left = app.house.organizations.all().map(({ name }) => name);
  t.deepEqual(left, [root?.name, 'Ohio', 'Dayton']);
  t.is(app.house.demo.current(), undefined);
});

test('there is one at a time, for the party’s own staff, and the passwords open the door', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const staff = await app.staff();
  const organiser = await app.staff('organiser');
  t.is((await organiser.get('/admin/demo')).status, 403);
  const shown = await staff.get('/admin/demo');
  t.regex(shown.body, /20,000/);
  const [login] = await fillDemo(app.house, { country: 'fr', people: 10 });
  await t.throwsAsync(fillDemo(app.house, { country: 'fr', people: 10 }), {
    message: /demo\.there/,
  });
  const visitor = app.visitor();
  const { email = '', password = '' } = login ?? {};
  const answer = await visitor.post('/account/log-in', { email, password });
  t.is(answer.status, 303);
  await removeDemo(app.house);
  t.not((await app.visitor().post('/account/log-in', { email, password })).status, 303);
  await t.throwsAsync(removeDemo(app.house), { message: /demo\.none/ });
});

test('removed while it is being filled, it leaves nothing behind either', async (t) => {
  const app = await makeApp(t);
  const before = await countRows(app.house);
  let removing: Promise<unknown> | undefined;
  const tell = () => {
    removing ??= removeDemo(app.house);
  };
  const filling = fillDemo(app.house, { country: 'us', people: 200, tell });
  await Promise.allSettled([filling]);
  await removing;
  t.truthy(removing);
  t.deepEqual(withoutTrail(await countRows(app.house)), withoutTrail(before));
  t.is(app.house.demo.current(), undefined);
});

test('a fill that fails is taken out again by itself', async (t) => {
  const app = await makeApp(t);
  const before = await countRows(app.house);
  const fail = () => {
    throw new Error('the disk is full');
  };
  await t.throwsAsync(fillDemo(app.house, { country: 'us', people: 10, tell: fail }), {
    message: 'the disk is full',
  });
  t.deepEqual(withoutTrail(await countRows(app.house)), withoutTrail(before));
  t.is(app.house.demo.current(), undefined);
});
