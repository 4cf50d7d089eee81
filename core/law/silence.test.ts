// Windows of the law laid on the clock of the constituency: each day, hour and text is written here from the law.
import test from 'ava';
import type { ElectionRound } from '../services.ts';
import { loadPacks } from './pack.ts';
import { silencedAt, windowsOf } from './silence.ts';

const packs = await loadPacks();
const lawOf = (jurisdiction: string, now = '2026-11-24') =>
  packs.lawOf(jurisdiction, () => new Date(now));

function round(day: string, more: Partial<ElectionRound> = {}): ElectionRound {
  const paris = { country: 'FR', timeZone: 'Europe/Paris', closes: '20:00' };
  return { electionId: '1', name: 'Election', href: '/', day, ...paris, ...more };
}

const spansOf = (rule: string, rounds: ElectionRound[], jurisdiction = 'fr') =>
  windowsOf(lawOf(jurisdiction), rounds)
    .filter((window) => window.rule === rule)
    .map(({ since, until }) => [since.toISOString(), until.toISOString()]);
const silenceIn = (rounds: ElectionRound[]) => spansOf('election.silence', rounds);

test('in France silence begins at midnight before the eve and ends with the last poll, before both rounds', (t) => {
  t.deepEqual(silenceIn([round('2027-04-11'), round('2027-04-25')]), [
    ['2027-04-09T22:00:00.000Z', '2027-04-11T18:00:00.000Z'],
    ['2027-04-23T22:00:00.000Z', '2027-04-25T18:00:00.000Z'],
  ]);
});

test('a referendum is a vote of one round, and in a night that loses an hour silence keeps to the clock', (t) => {
  // On 28 March 2027 clocks in Paris go from two to three.
  t.deepEqual(silenceIn([round('2027-03-28', { closes: '18:00' })]), [
    ['2027-03-26T23:00:00.000Z', '2027-03-28T16:00:00.000Z'],
  ]);
});

test('overseas, where the vote is on the Saturday, silence begins on Friday, on the clock there', (t) => {
  const tahiti = { timeZone: 'Pacific/Tahiti', closes: '18:00' };
  t.deepEqual(silenceIn([round('2027-04-10', tahiti)]), [
    ['2027-04-09T10:00:00.000Z', '2027-04-11T04:00:00.000Z'],
  ]);
});

test('what goes to both keeps silent from the earliest beginning to the latest end', (t) => {
  const guadeloupe = { timeZone: 'America/Guadeloupe', closes: '19:00' };
  const rounds = [round('2027-04-11'), round('2027-04-10', guadeloupe)];
  const found = silencedAt(windowsOf(lawOf('fr'), rounds), new Date('2027-04-10T12:00:00Z'));
  t.is(found?.since.toISOString(), '2027-04-09T04:00:00.000Z');
  t.is(found?.until.toISOString(), '2027-04-11T18:00:00.000Z');
  t.is(found?.windows.length, 2);
});

test('in Brazil the whole polling day is silent, though the polls close at five, and boosting is barred around it', (t) => {
  const brazil = { country: 'BR', timeZone: 'America/Sao_Paulo', closes: '17:00' };
  const rounds = [round('2026-10-04', brazil)];
  // Lei 9.504, 39(5)(IV).
  t.deepEqual(spansOf('election.silence', rounds, 'br'), [
    ['2026-10-04T03:00:00.000Z', '2026-10-05T03:00:00.000Z'],
  ]);
  // From 48 hours before to 24 hours after.
  t.deepEqual(spansOf('election.paid_ads', rounds, 'br'), [
    ['2026-10-02T03:00:00.000Z', '2026-10-06T03:00:00.000Z'],
  ]);
  const at = (when: string, act: string) =>
    silencedAt(windowsOf(lawOf('br'), rounds), new Date(when), [act]);
  t.truthy(at('2026-10-04T21:00:00Z', 'publish.social'));
  t.is(at('2026-10-05T03:00:00Z', 'publish.social'), undefined);
});

test('in Italy eve and polling day are silent, both whole', (t) => {
  const rome = { country: 'IT', timeZone: 'Europe/Rome', closes: '15:00' };
  t.deepEqual(spansOf('election.silence', [round('2027-05-23', rome)], 'it'), [
    ['2027-05-21T22:00:00.000Z', '2027-05-23T22:00:00.000Z'],
  ]);
});

test('in Spain no paid advertisement from the call, 54 days ahead, until the campaign begins on the 38th', (t) => {
  const madrid = { country: 'ES', timeZone: 'Europe/Madrid' };
  t.deepEqual(spansOf('election.paid_ads', [round('2027-12-12', madrid)], 'es'), [
    ['2027-10-18T22:00:00.000Z', '2027-11-25T23:00:00.000Z'],
  ]);
});

test('it begins with its first second and is over with its last', (t) => {
  const windows = windowsOf(lawOf('fr'), [round('2027-04-11')]);
  const isOn = (when: string, act: string) => !!silencedAt(windows, new Date(when), [act]);
  t.false(isOn('2027-04-09T21:59:59.999Z', 'message.sms'));
  t.true(isOn('2027-04-09T22:00:00Z', 'message.sms'));
  t.true(isOn('2027-04-11T17:59:59.999Z', 'publish.page'));
  t.false(isOn('2027-04-11T18:00:00Z', 'publish.page'));
  t.false(isOn('2027-04-10T12:00:00Z', 'visit.door'));
});

test('since 30 June 2020 meetings are barred too (law 2019-1269), and not the day before', (t) => {
  const asked = (when: string) =>
    silencedAt(windowsOf(lawOf('fr'), [round('2020-06-30')], new Date(when)), new Date(when), [
      'event.meeting',
    ]);
  t.is(asked('2020-06-29T21:59:59Z'), undefined);
  t.regex(asked('2020-06-29T22:00:00Z')?.windows[0]?.sources[0]?.source ?? '', /2019-1269/);
  const before = windowsOf(lawOf('fr'), [round('2020-06-28')]);
  t.truthy(silencedAt(before, new Date('2020-06-27T12:00:00Z'), ['message.email']));
  t.is(silencedAt(before, new Date('2020-06-27T12:00:00Z'), ['event.meeting']), undefined);
});

test('paid advertisements are barred from six months before the month until the day of the last round is over', (t) => {
  t.deepEqual(
    spansOf('election.paid_ads', [round('2027-04-11'), round('2027-04-25')]).map(String),
    [
      '2026-09-30T22:00:00.000Z,2027-04-25T22:00:00.000Z',
      '2026-09-30T22:00:00.000Z,2027-04-25T22:00:00.000Z',
    ],
  );
});

test('results until the last poll, sponsors from third countries three months ahead', (t) => {
  const rounds = [round('2027-05-31')];
  t.deepEqual(spansOf('election.results', rounds), [
    ['2027-05-30T22:00:00.000Z', '2027-05-31T18:00:00.000Z'],
  ]);
  // February has no 31st: from its last day on.
  t.deepEqual(spansOf('election.foreign_sponsor', rounds), [
    ['2027-02-27T23:00:00.000Z', '2027-05-31T18:00:00.000Z'],
  ]);
});

test('only what the law commands is stopped; the rest is shown', (t) => {
  const stopped = windowsOf(lawOf('fr'), [round('2027-04-11')]).filter(({ stops }) => stops);
  t.deepEqual(
    stopped.map(({ rule }) => rule),
    ['election.silence'],
  );
});

test('of an election elsewhere that country’s law is asked, whoever the party is', (t) => {
  const abroad = { country: 'US', timeZone: 'America/New_York' };
  t.deepEqual(spansOf('election.silence', [round('2028-11-07', abroad)], 'fr'), []);
  t.is(spansOf('election.silence', [round('2027-04-11')], 'us').length, 1);
});
