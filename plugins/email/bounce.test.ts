// A letter that comes back: whose it was, what is kept of it, and that the address is not written to again.
import test from 'ava';
import { keyIn, markedAddress } from './bounce-address.ts';
import { startImap } from './bounce-imap.ts';
import { doneFolder, readMailbox, readOne } from './bounce-mailbox.ts';
import {
  addressOf,
  autoReplyTo,
  bounceOf,
  complaintOf,
  keyOf,
  lines,
  scene,
  type Taken,
} from './hooks/fixture.ts';

const day = 24 * 3600_000;
const at = new Date('2026-12-01T10:05:00Z');

test('each letter comes back to an address of its own, which nobody makes up', async (t) => {
  const { send, deps, scope } = await scene(t);
  const letters = await send();
  t.is(letters.length, 3);
  for (const letter of letters) {
    t.regex(letter.from, /^retours\+[0-9a-f]{48}@parti\.example$/);
    t.true(letter.from.indexOf('@') <= 64);
    t.is(await keyIn(scope, deps.seals, `To: <${letter.from.toUpperCase()}>`), keyOf(letter));
  }
  const [{ from }] = letters as [Taken];
  const forged = from.replace(/.@/, (end) => (end === '0@' ? '1@' : '0@'));
  t.is(await keyIn(scope, deps.seals, forged), undefined);
  const longest = await markedAddress(
    scope,
    deps.seals,
    'a'.repeat(15) + '@x.example',
    '0'.repeat(32),
  );
  t.is(longest.indexOf('@'), 64);
});

test('without a mailbox for returned mail letters come back to their sender', async (t) => {
  const { send } = await scene(t, {});
  t.deepEqual(new Set((await send()).map(({ from }) => from)), new Set(['donnees@example.org']));
});

test('a letter that will never be taken marks the address, and the next does not go there', async (t) => {
  const { send, scope, deps, statusOf, app, ids } = await scene(t);
  const letters = await send();
  const [first] = ids as [string];
  const back = letters.find(({ to }) => to === addressOf(0)) as Taken;
  t.true(await readOne(scope, deps, Buffer.from(bounceOf(back)), at));
  t.like(await statusOf(first), { status: 'bad', why: 'no-mailbox' });
  t.true(await readOne(scope, deps, Buffer.from(bounceOf(back)), at), 'twice is once');
  const told = await scope.db.raw("select * from core.audit where act = 'people.address.returned'");
  t.is(told.rows.length, 1);
  t.notRegex(JSON.stringify(told.rows), /lecteur0/);
  t.deepEqual((await send()).map(({ to }) => to).sort(), [addressOf(1), addressOf(2)]);
  const staff = await app.staff('administrator');
  const page = await staff.get(`/admin/people/${first}`);
  t.regex(page.body, /A letter came back on December 1, 2026: there is no such mailbox\./);
  t.regex(page.body, /Letters to an e-mail address come back: there is no such mailbox/);
});

test('three letters put off within thirty days mark the address, two and an old one do not', async (t) => {
  const { send, scope, deps, statusOf, app, ids } = await scene(t);
  const [first] = ids as [string];
  const putOff = async () => {
    const letters = await send();
    const back = letters.find(({ to }) => to === addressOf(0)) as Taken;
    const full = { status: '4.2.2', said: '452 4.2.2 Mailbox full' };
    const source = Buffer.from(bounceOf(back, full));
    const now = app.clock.now();
    await readOne(scope, deps, source, now);
    await readOne(scope, deps, source, new Date(now.getTime() + 1000));
  };
  const later = (days: number) => app.clock.set(new Date(app.clock.now().getTime() + days * day));
  await putOff();
  t.like(await statusOf(first), { status: 'ok', why: 'full', putOff: 1 });
  later(31);
  await putOff();
  later(1);
  await putOff();
  t.like(await statusOf(first), { status: 'ok', putOff: 2 });
  later(1);
  await putOff();
  t.like(await statusOf(first), { status: 'bounced', why: 'full' });
});

test('a complaint withdraws, unsubscribes and stops the address, and keeps nothing of the letter', async (t) => {
  const { send, scope, deps, ids, app } = await scene(t);
  const letters = await send();
  const back = letters.find(({ to }) => to === addressOf(1)) as Taken;
  const source = Buffer.from(complaintOf(back));
  t.true(await readOne(scope, deps, source, at));
  t.true(await readOne(scope, deps, source, at));
  const rows = async (sql: string) => (await scope.db.raw(sql, [ids[1] ?? ''])).rows;
  const consents = await rows(
    `select c.given, c.source, d.evidence from people.consent c
     join people.consent_detail d on d.consent_id = c.id where c.person_id = ? order by c.id`,
  );
  t.deepEqual(
    consents.map((one: { given: boolean }) => one.given),
    [true, false],
  );
  t.is(consents[1].source, 'complaint');
  t.notRegex(JSON.stringify(consents), /Un mot de la lettre/);
  t.is(
    (await rows('select from people.subscription where person_id = ? and until is null')).length,
    0,
  );
  t.deepEqual(await rows('select reason from people.suppression where person_id = ?'), [
    { reason: 'complaint' },
  ]);
  const told = await scope.db.raw("select from core.audit where act = 'people.address.complained'");
  t.is(told.rows.length, 1);
  await app.drain();
  t.deepEqual((await send()).map(({ to }) => to).sort(), [addressOf(0), addressOf(2)]);
});

test('what is forged, delayed, an answer by itself or somebody’s own words changes nothing', async (t) => {
  const { send, scope, deps, statusOf, ids } = await scene(t);
  const letters = await send();
  const back = letters.find(({ to }) => to === addressOf(0)) as Taken;
  const forged = { ...back, from: back.from.replace(/[0-9a-f]{16}@/, '0000000000000000@') };
  const read = (source: string) => readOne(scope, deps, Buffer.from(source), at);
  t.false(await read(bounceOf(forged)));
  t.false(await read(complaintOf(forged)));
  t.true(await read(bounceOf(back, { action: 'delayed', status: '4.4.1' })), 'understood');
  t.true(await read(complaintOf(back, 'not-spam')), 'understood');
  t.true(await read(autoReplyTo(back)), 'understood');
  t.false(
    await read(lines(`To: <${back.from}>`, 'From: <x@example.org>', '', '550 5.1.1 bounce!')),
  );
  t.false(await read(bounceOf(back, { status: '7.x' })));
  t.false(await read('\0\0\0 no mail'));
  t.like(await statusOf(ids[0] ?? ''), { status: 'ok', why: null, putOff: 0 });
});

test('a server that wants nothing of ours says nothing of the mailbox', async (t) => {
  const { send, scope, deps, statusOf, ids } = await scene(t);
  const letters = await send();
  const back = letters.find(({ to }) => to === addressOf(0)) as Taken;
  const listed = { status: '5.7.1', said: '550 5.7.1 blocked, see our list' };
  t.true(await readOne(scope, deps, Buffer.from(bounceOf(back, listed)), at));
  t.like(await statusOf(ids[0] ?? ''), { status: 'ok', why: 'unwanted', putOff: 1 });
});

test('the mailbox is read: what is understood is moved, the rest stays and is not read again', async (t) => {
  const imap = await startImap(t);
  const settings = { returnAddress: 'retours@parti.example', returnServer: imap.url };
  const { send, scope, deps, statusOf, ids, app } = await scene(t, settings);
  const letters = await send();
  for (const letter of letters) imap.put(bounceOf(letter));
  imap.put(lines('To: <retours@parti.example>', 'From: <x@example.org>', '', 'Une question.'));
  imap.put(`To: <x@example.org>\r\n\r\n${'a'.repeat(2_000_000)}`);
  await readMailbox(scope, deps);
  for (const id of ids) t.like(await statusOf(id), { status: 'bad' });
  t.is(imap.folders.get(doneFolder)?.length, 3);
  t.is(imap.folders.get('INBOX')?.length, 2);
  imap.asked.length = 0;
  await readMailbox(scope, deps);
  t.false(imap.asked.includes('FETCH'));
  // Below, where it is inherited, nobody reads it.
  imap.asked.length = 0;
  await readMailbox(app.scope(await app.chapter('Lyon')), deps);
  t.deepEqual(imap.asked, []);
});

test('a run that dies before it moved a message counts it once, and loses none', async (t) => {
  const imap = await startImap(t);
  const settings = { returnAddress: 'retours@parti.example', returnServer: imap.url };
  const { send, scope, deps, statusOf, ids } = await scene(t, settings);
  for (const letter of await send()) imap.put(bounceOf(letter, { status: '4.2.2' }));
  imap.dies.at = 'MOVE';
  await t.throwsAsync(readMailbox(scope, deps));
  await t.throwsAsync(readMailbox(scope, deps));
  t.is(imap.folders.get('INBOX')?.length, 3);
  delete imap.dies.at;
  await readMailbox(scope, deps);
  t.is(imap.folders.get('INBOX')?.length, 0);
  for (const id of ids) t.like(await statusOf(id), { status: 'ok', putOff: 1 });
});
