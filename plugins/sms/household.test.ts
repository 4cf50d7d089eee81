// A telephone that several have gets a text once, whatever becomes of the first of them.
import test, { type ExecutionContext } from 'ava';
import { Newsletters } from 'rostra/people';
import { numberOf, scene } from './fixture.ts';

/** Released at night: the list is made, and leaves in the morning. */
async function overnight(t: ExecutionContext) {
  const number = (place: number) => numberOf(Math.max(0, place - 1));
  const s = await scene(t, { count: 3, number, now: '2026-11-24T22:30:00Z' });
  const id = await s.write();
  await (await s.app.staff()).post(`/admin/outreach/${id}/release`, { version: '1', when: 'now' });
  await s.app.drain();
  t.deepEqual(s.taken, []);
  const morning = async () => {
    s.app.clock.set('2026-11-25T10:00:00Z');
    await s.minute();
    const { rows } = await s.scope.db.raw(
      'select state, answer from outreach.recipient where send_id = ? order by id',
      [id],
    );
    const why = rows.map((row: { state: string; answer: string }) =>
      row.state === 'skipped' ? row.answer : row.state,
    );
    return { to: s.taken.map(({ to }) => to).sort(), why };
  };
  const move = (place: number, to: string) =>
    s.scope.db.raw('update people.phone_number set number = ? where person_id = ?', [
      to,
      s.ids[place] ?? '',
    ]);
  return { ...s, morning, move };
}

test('of a household the first gets it; who has gone by then leaves it to the next', async (t) => {
  const s = await overnight(t);
  await s.app
    .get('outreach')(Newsletters)
    .unsubscribe(s.scope, s.ids[0] ?? '', s.newsletterId);
  const { to, why } = await s.morning();
  t.deepEqual(to, [numberOf(0), numberOf(1)]);
  t.deepEqual(why, ['not-subscribed', 'accepted', 'accepted']);
  t.is((await s.deps.outreach.recent(s.scope, 'sms', 1))[0]?.state, 'done');
});

test('whoever has another number by then gets it there, unless somebody else does', async (t) => {
  const s = await overnight(t);
  await s.move(0, numberOf(7));
  await s.move(2, numberOf(7));
  const { to, why } = await s.morning();
  t.deepEqual(to, [numberOf(0), numberOf(7)], 'each once');
  t.deepEqual(why, ['accepted', 'accepted', 'shared']);
});

test('whoever moves to where it went already is left out', async (t) => {
  const s = await overnight(t);
  await s.move(2, numberOf(0));
  const { to, why } = await s.morning();
  t.deepEqual(to, [numberOf(0)]);
  t.deepEqual(why, ['accepted', 'shared', 'shared']);
});
