// A send in whose middle an election's silence begins; pause, resume, cancel; a server that is away.
import test from 'ava';
import { scene } from './fixture.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';
import { move } from './send.ts';

test('what silence overtakes is not begun any more, and leaves by itself when it is over', async (t) => {
  const s = await scene(t, { count: 30, now: '2027-04-09T20:00:00Z' });
  const staff = await s.app.staff('data-protection');
  await staff.post('/admin/elections/new', {
    ...{ name: 'Présidentielle', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  const id = await s.write();
  await s.releaseNow(id);
  let takenBefore = 0;
  s.sink.hooks.onData = () => {
    takenBefore += 1;
    // Half a minute before nothing is begun: what a server has in hand then it answers before silence.
    if (takenBefore === 8) s.app.clock.set('2027-04-09T21:59:31Z');
  };
  await run(s.scope, s.deps, id);
  const atBegin = s.sink.taken.length;
  t.true(atBegin >= 8 && atBegin < 30, String(atBegin));
  s.app.clock.set('2027-04-09T22:00:01Z');
  await run(s.scope, s.deps, id);
  t.is(s.sink.taken.length, atBegin, 'nothing is accepted after it began');
  t.like(await s.counts(id), { accepted: atBegin, waiting: 30 - atBegin, unknown: 0 });
  t.regex((await staff.get(`/admin/outreach/${id}`)).body, /Présidentielle/);
  s.app.clock.set('2027-04-11T18:00:01Z');
  await run(s.scope, s.deps, id);
  t.is(s.sink.taken.length, 30);
  t.is((await findSend(s.scope, id))?.state, 'done');
});

test('paused, nobody else gets it; resumed, the rest do; cancelled, nobody does any more', async (t) => {
  const s = await scene(t, { count: 30 });
  const id = await s.write();
  await s.releaseNow(id);
  let pausing: Promise<void> | undefined;
  s.sink.hooks.onData = () => {
    pausing ??= move(s.scope, s.deps, id, 'pause');
    return pausing;
  };
  await run(s.scope, s.deps, id);
  const atPause = s.sink.taken.length;
  t.true(atPause < 30, String(atPause));
  await run(s.scope, s.deps, id);
  t.is(s.sink.taken.length, atPause);
  await move(s.scope, s.deps, id, 'resume');
  s.sink.hooks.onData = async () => {
    if (s.sink.taken.length === atPause + 3) await move(s.scope, s.deps, id, 'cancel');
  };
  await run(s.scope, s.deps, id);
  const atEnd = s.sink.taken.length;
  t.true(atEnd > atPause && atEnd < 30, String(atEnd));
  await run(s.scope, s.deps, id);
  t.is(s.sink.taken.length, atEnd);
  t.like(await s.counts(id), { accepted: atEnd, waiting: 30 - atEnd });
  t.is((await findSend(s.scope, id))?.state, 'cancelled');
});

test('a refusal for now is tried again later, one for good is not, and both are told', async (t) => {
  const s = await scene(t, { count: 2 });
  const id = await s.write();
  await s.releaseNow(id);
  const no = (responseCode: number) => Object.assign(new Error('not now'), { responseCode });
  s.sink.hooks.onData = ({ subject }) => {
    throw no(subject?.includes('Jeanne1') ? 550 : 451);
  };
  await run(s.scope, s.deps, id);
  t.like(await s.counts(id), { refused: 1, waiting: 1 });
  s.sink.hooks.onData = () => undefined;
  await run(s.scope, s.deps, id);
  t.is(s.sink.taken.length, 0, 'not a moment later');
  s.app.clock.set('2026-11-24T10:02:00Z');
  await run(s.scope, s.deps, id);
  t.like(await s.counts(id), { refused: 1, accepted: 1, waiting: 0 });
});

test('planned, it does not begin a minute before', async (t) => {
  const s = await scene(t, { count: 2 });
  const staff = await s.app.staff('organiser');
  const id = await s.write();
  const plan = { version: '1', when: 'later', at: '2026-11-24T12:00' };
  const bad = await staff.post(`/admin/@lyon/outreach/${id}/release`, { ...plan, at: '' });
  t.is(bad.status, 422);
  const answer = await staff.post(`/admin/@lyon/outreach/${id}/release`, plan);
  t.is(answer.status, 303);
  // Paris is an hour ahead.
  s.app.clock.set('2026-11-24T10:59:00Z');
  await s.app.drain();
  t.is(s.sink.taken.length, 0);
  s.app.clock.set('2026-11-24T11:00:00Z');
  await s.app.drain();
  t.is(s.sink.taken.length, 2);
});
