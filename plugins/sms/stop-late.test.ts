// A stop that comes when a message is claimed and written already, and waits for its turn alone.
import test from 'ava';
import { makeChannel } from './channel.ts';
import { numberOf, scene } from './fixture.ts';

test('whoever says stop after their message was claimed and written is not sent it; the others are', async (t) => {
  const s = await scene(t);
  const send = await s.deps.outreach.demand(s.scope, 'sms', await s.write());
  const frame = await s.deps.outreach.frame(s.scope, send);
  const line = await makeChannel(s.deps).open(s.scope, send, frame);
  if (!line) return t.fail();
  t.teardown(() => line.close());
  const written = s.ids.map((personId, place) =>
    line.write({
      ...{ key: `00000000-0000-4000-8000-00000000000${place}`, personId, address: numberOf(place) },
      ...{ locale: 'fr', isDirect: true, stopPath: '/unsubscribe/x', attempts: 1 },
    }),
  );
  const hands = await Promise.all(written);
  await s.hear('STOP', numberOf(1));
  const { signal } = new AbortController();
  const handed = await Promise.all(hands.map((hand) => hand(signal)));
  t.deepEqual(
    handed.map(({ state, answer }) => (state === 'refused' ? answer : state)),
    ['accepted', 'stop', 'accepted'],
  );
  t.deepEqual(s.taken.map(({ to }) => to).sort(), [numberOf(0), numberOf(2)]);
});
