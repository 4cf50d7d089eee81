// What staff type to somebody who wrote: at an hour and on a day on which they may be written to, and never after a stop.
import test from 'ava';
import { numberOf, scene } from './fixture.ts';
import { findThreads } from './thread.sql.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

/** The first reader wrote at the scene's hour; what staff see, and what becomes of their answer. */
async function conversation(s: Scene) {
  await s.hear('Bonjour, à quelle heure ?');
  const [thread] = await findThreads(s.scope, { most: 1 });
  const at = `/admin/sms/inbox/${thread?.id}`;
  // Logged in anew: nights and days go by.
  const page = async () => (await (await s.app.staff()).get(at)).body;
  const reply = async (text: string) => (await s.app.staff()).post(`${at}/reply`, { text });
  return { staff: await s.app.staff(), at, page, reply };
}

test.serial(
  'whoever wrote a moment ago is answered at any hour; later their night holds',
  async (t) => {
    // Half past nine in the evening, in Paris.
    const s = await scene(t, { count: 1, now: '2026-11-24T20:30:00Z' });
    const { page, reply } = await conversation(s);
    t.notRegex(await page(), /leaves at/);
    t.is((await reply('À 18 h.')).status, 303);
    await s.app.drain();
    t.is(s.taken.at(-1)?.text, 'À 18 h.');
    s.app.clock.set('2026-11-24T21:31:00Z');
    t.regex(await page(), /leaves at November 25, 2026 at 09:00/);
    t.is((await reply('Devant la mairie.')).status, 303);
    await s.app.drain();
    t.is(s.taken.length, 1);
    t.regex(await page(), /Devant la mairie[\s\S]*leaves/);
    s.app.clock.set('2026-11-25T07:59:00Z');
    await s.app.drain();
    t.is(s.taken.length, 1);
    s.app.clock.set('2026-11-25T08:00:00Z');
    await s.app.drain();
    t.deepEqual(
      s.taken.map(({ text }) => text),
      ['À 18 h.', 'Devant la mairie.'],
    );
  },
);

test.serial(
  'a stop that comes while an answer waits for the morning keeps it from leaving',
  async (t) => {
    const s = await scene(t, { count: 1, now: '2026-11-24T18:30:00Z' });
    const { reply } = await conversation(s);
    s.app.clock.set('2026-11-24T21:00:00Z');
    await reply('Devant la mairie.');
    await s.hear('STOP');
    s.app.clock.set('2026-11-25T08:00:00Z');
    await s.app.drain();
    t.deepEqual(
      s.taken.map(({ text }) => /mairie/.test(text)),
      [false],
      'the confirmation alone',
    );
  },
);

test.serial('before an election nobody is answered, and what was typed is not lost', async (t) => {
  const s = await scene(t, { count: 1, now: '2027-04-09T16:00:00Z' });
  const officer = await s.app.staff('data-protection');
  await officer.post('/admin/elections/new', {
    ...{ name: 'Présidentielle', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  const { page, reply } = await conversation(s);
  t.is((await reply('À 18 h.')).status, 303);
  s.app.clock.set('2027-04-09T22:00:01Z');
  await s.app.drain();
  t.is(s.taken.length, 0, 'queued before, and overtaken');
  t.regex(await page(), /“Présidentielle” nothing is sent until April 11, 2027 at 20:00/);
  const refused = await reply('Devant la mairie.');
  t.is(refused.status, 422);
  s.app.clock.set('2027-04-11T18:00:01Z');
  await s.app.drain();
  // Polls close on a Sunday evening: Monday morning.
  t.is(s.taken.length, 0);
  s.app.clock.set('2027-04-12T07:00:01Z');
  await s.app.drain();
  t.deepEqual(
    s.taken.map(({ text }) => text),
    ['À 18 h.'],
  );
});

test.serial('after a week their message is no question any more', async (t) => {
  const s = await scene(t, { count: 0 });
  const { page, reply } = await conversation(s);
  s.app.clock.set('2026-12-01T10:00:00Z');
  t.is((await reply('À 18 h.')).status, 303);
  s.app.clock.set('2026-12-01T10:00:01Z');
  t.regex(await page(), /last wrote over a week ago/);
  t.is((await reply('Devant la mairie.')).status, 422);
});

test.serial(
  'opening a conversation changes nothing; to read it is said by who reads',
  async (t) => {
    const s = await scene(t, { count: 1 });
    const { staff, at, page } = await conversation(s);
    const unread = async () => (await findThreads(s.scope, { isUnread: true, most: 9 })).length;
    t.regex(await page(), /Mark as read/);
    t.is(await unread(), 1);
    t.is((await staff.post(`${at}/read`, {})).status, 303);
    t.is(await unread(), 0);
    t.notRegex(await page(), /Mark as read/);
    await s.hear('Encore une question', numberOf(0));
    t.is(await unread(), 1);
    await staff.post(`${at}/reply`, { text: 'Oui ?' });
    t.is(await unread(), 0, 'whoever answers has read');
  },
);

test.serial('a gateway that takes nothing is said where answers are awaited', async (t) => {
  const s = await scene(t, { count: 1 });
  const { staff, page, reply } = await conversation(s);
  s.far.become('busy');
  await reply('À 18 h.');
  await s.app.drain();
  t.regex(await page(), /The gateway takes nothing/);
  t.regex((await staff.get('/admin/sms/inbox')).body, /The gateway takes nothing/);
  s.far.become('well');
  s.app.clock.set('2026-11-24T10:01:01Z');
  await s.app.drain();
  t.is(s.taken.length, 1);
  t.notRegex(await page(), /The gateway takes nothing/);
});
