// Whose law a number stands for, where nothing says where its owner lives.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { depsOf } from './deps.ts';
import { Reach, type ReachAnswer } from './index.ts';
import { makePeople } from './person.ts';
import { countryOfNumber } from './telephone.ts';

test('a number is of the country that its code, or its area in North America, belongs to', (t) => {
  for (const [number, country] of [
    ...([
      ['+33612345678', 'FR'],
      ['+262692123456', 'RE'],
      ['+442071234567', 'GB'],
    ] as const),
    ...([
      ['+12125550123', 'US'],
      ['+16045550123', 'CA'],
      ['+15145550123', 'CA'],
    ] as const),
    ...([
      ['+18765550123', 'JM'],
      ['+4915112345678', 'DE'],
    ] as const),
  ]) {
    t.is(countryOfNumber(number), country, number);
  }
});

test('a Canadian number is asked for under Canadian law, one by one and all at once', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const scope = app.scope();
  const deps = depsOf(app.get('people'));
  const reach = app.get('sms')(Reach);
  const act = { channel: 'sms', purpose: 'campaign', met: ['registration.carrier'] } as const;
  const packsOf = ({ reasons }: ReachAnswer) => new Set(reasons.map(({ pack }) => pack));
  const asked: boolean[] = [];
  for (const phoneNumber of ['+12125550123', '+16045550123']) {
    const { id } = await makePeople(deps).upsert(scope, { phoneNumber, source: 'website.sign-up' });
    await makeConsents(deps).give(scope, {
      ...{ personId: id, channel: 'sms', purpose: 'campaign', wording: 'Yes.', locale: 'en' },
      ...{ source: 'website.sign-up', evidence: { form: '1' } },
    });
    const answer = await reach.may(scope, id, act);
    asked.push(answer !== undefined && packsOf(answer).has('ca'));
  }
  t.deepEqual(asked, [false, true]);
  const counted = await reach.count(scope, act);
  const canadian = counted.filter(({ answer }) => packsOf(answer).has('ca'));
  t.deepEqual(
    canadian.map(({ people }) => people),
    [1],
  );
});
