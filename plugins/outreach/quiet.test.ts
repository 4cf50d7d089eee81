// Quiet hours on the recipient's clock: Sundays, holidays, noon, and nights in which the clock is moved.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { isHoliday, nextMoment } from './quiet.ts';

const paris = 'Europe/Paris';
const cases = [
  [
    'a text at ten on a Tuesday leaves at once',
    'sms',
    'FR',
    '2026-11-24T09:00Z',
    '2026-11-24T09:00Z',
  ],
  [
    'at eight in the evening it waits for nine',
    'sms',
    'FR',
    '2026-11-24T19:00Z',
    '2026-11-25T08:00Z',
  ],
  ['a minute before eight it leaves', 'sms', 'FR', '2026-11-24T18:59Z', '2026-11-24T18:59Z'],
  ['on Saturday night it waits for Monday', 'sms', 'FR', '2026-11-28T20:00Z', '2026-11-30T08:00Z'],
  ['a call waits until lunch is over', 'voice', 'FR', '2026-11-24T12:30Z', '2026-11-24T13:00Z'],
  ['on Ascension Day nothing leaves', 'sms', 'FR', '2027-05-06T10:00Z', '2027-05-07T07:00Z'],
  ['Easter Sunday and Monday are one wait', 'sms', 'FR', '2027-03-27T20:00Z', '2027-03-30T07:00Z'],
  [
    'summer comes in the night: nine is an hour earlier',
    'sms',
    'FR',
    '2027-03-27T19:30Z',
    '2027-03-30T07:00Z',
  ],
  [
    'winter comes in the night: nine is an hour later',
    'sms',
    'FR',
    '2026-10-24T18:30Z',
    '2026-10-26T08:00Z',
  ],
  ['on Réunion it is three hours later', 'sms', 'RE', '2026-11-24T16:30Z', '2026-11-25T05:00Z'],
  ['letters know no hours', 'email', 'FR', '2026-11-29T02:00Z', '2026-11-29T02:00Z'],
  [
    'of whom no country is known, the sender’s clock counts',
    'sms',
    undefined,
    '2026-11-24T20:00Z',
    '2026-11-25T08:00Z',
  ],
] as const;

for (const [title, channel, country, now, due] of cases) {
  test(title, async (t) => {
    const law = (await house(t)).scope().law;
    const found = nextMoment(law, { channel, country, timeZone: paris }, new Date(now));
    t.deepEqual(found, new Date(due));
  });
}

let made: Promise<Awaited<ReturnType<typeof makeApp>>> | undefined;
const house = (t: Parameters<typeof makeApp>[0]) => {
  made ??= makeApp(t, { jurisdiction: 'fr', locale: 'fr', now: '2026-11-24T10:00:00Z' });
  return made;
};

test('of a country with several clocks the hour is open in each', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us', now: '2026-11-24T10:00:00Z' });
  const to = { channel: 'sms', country: 'US', timeZone: 'America/New_York' } as const;
  const from = (now: string) => nextMoment(app.scope().law, to, new Date(now)).toISOString();
  // Eight in the morning on Hawaii; nine in the evening in New York.
  t.is(from('2026-11-24T13:00:00Z'), '2026-11-24T18:00:00.000Z');
  t.is(from('2026-11-25T01:59:00Z'), '2026-11-25T01:59:00.000Z');
  t.is(from('2026-11-25T02:00:00Z'), '2026-11-25T18:00:00.000Z');
});

test('holidays move with Easter', (t) => {
  for (const date of ['2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2038-04-25']) {
    t.true(isHoliday(date, ['easter+0']), date);
  }
  t.true(isHoliday('2026-05-14', ['easter+39']));
  t.true(isHoliday('2026-05-01', ['05-01']));
  t.false(isHoliday('2026-05-02', ['05-01', 'easter+39']));
});
