// What is added up to a cap, land by land: the party with its parts, its parts together, or each recipient alone.
import test from 'ava';
import { actOf } from './day.ts';
import { aroundOf, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { pledge, record } from './pledge.ts';
import { changeRecipient, foundRecipient } from './recipient.ts';
import { judge, openTill } from './till.ts';

const nothing = { yearMinor: 0, cashMinor: 0 };

/** Of one recipient of each kind, by the law of that day. */
async function scopesIn(t: Parameters<typeof openDesk>[0], jurisdiction: string) {
  const { scope } = await openDesk(t, jurisdiction);
  return async (values: Parameters<typeof makeRecipient>[1], givenOn = '2026-06-30') => {
    const recipient = await makeRecipient(scope, values);
    const till = openTill(scope, recipient, actOf(givenOn));
    const { cap } = judge(till, offerOf(scope, { givenOn }), nothing);
    return cap?.scope.replace(`:${recipient.id}/`, ':its own/');
  };
}

test.serial(
  'where the law has one cap for the party, all that is the party is added up to it',
  async (t) => {
    for (const law of ['es', 'it', 'be']) {
      const of = await scopesIn(t, law);
      t.is(await of({ kind: 'party' }), 'party/2026', law);
      t.is(await of({ kind: 'party', name: 'Another account' }), 'party/2026', law);
      t.is(await of({ kind: 'local_party' }), 'party/2026', law);
    }
  },
);

test.serial(
  'in Quebec the party, its authorities and its candidates stand under one cap',
  async (t) => {
    const of = await scopesIn(t, 'ca-qc');
    for (const kind of ['party', 'local_party', 'candidate'] as const) {
      const election = kind === 'candidate' ? 'Générales' : undefined;
      t.is(await of({ kind, election }), 'party/2026', kind);
    }
  },
);

test.serial(
  'in Canada the party has a cap, and its associations and candidates another that they share',
  async (t) => {
    const of = await scopesIn(t, 'ca');
    t.is(await of({ kind: 'party' }), 'party/2026');
    t.is(await of({ kind: 'local_party' }), 'local_parts/2026');
    t.is(await of({ kind: 'candidate', election: '46th general' }), 'local_parts/2026');
  },
);

test.serial('where the law caps each recipient, each has a cap of its own', async (t) => {
  const au = await scopesIn(t, 'au');
  t.is(await au({ kind: 'local_party' }, '2027-02-01'), 'recipient:its own/2027');
  const us = await scopesIn(t, 'us');
  t.is(await us({ kind: 'local_party', region: 'OH' }), 'region:OH/2026');
  t.is(await us({ kind: 'committee' }), 'recipient:its own/2026');
  const candidate = { kind: 'candidate', election: 'OH-03 general' } as const;
  t.is(await us(candidate), 'recipient:its own/election:oh-03-general');
});

test.serial('what the Spanish party took leaves that much less to its chapters', async (t) => {
  const { scope, deps, recipient } = await openDesk(t, 'es');
  const local = await makeRecipient(scope, { kind: 'local_party', name: 'Sevilla' });
  const { identity } = offerOf(scope);
  const offer = (amountMinor: number) =>
    offerOf(scope, { amountMinor, identity: { ...identity, taxNumber: '1Z' } });
  await pledge(scope, deps, recipient, offer(4_990_000), aroundOf());
  const over = await t.throwsAsync(pledge(scope, deps, local, offer(10_001), aroundOf()));
  t.regex(JSON.stringify(over), /fundraising.fault.cap/);
  await t.notThrowsAsync(pledge(scope, deps, local, offer(10_000), aroundOf()));
});

test.serial(
  'what one donor gives to the committees of one state is added up; the national committee and another state stand apart',
  async (t) => {
    const { scope, deps, recipient: national } = await openDesk(t, 'us');
    const of = (region: string, name: string) =>
      makeRecipient(scope, { kind: 'local_party', region, name });
    const [state, county] = [await of('OH', 'Ohio'), await of('OH', 'Franklin County')];
    const elsewhere = await of('GA', 'Georgia');
    const offer = (amountMinor: number) => offerOf(scope, { amountMinor });
    await pledge(scope, deps, state, offer(600_000), aroundOf());
    await pledge(scope, deps, national, offer(600_000), aroundOf());
    const over = await t.throwsAsync(pledge(scope, deps, county, offer(400_001), aroundOf()));
    t.regex(JSON.stringify(over), /fundraising\.fault\.cap/);
    t.regex(JSON.stringify(over), /30116\(a\)\(1\)\(D\)/);
    await t.notThrowsAsync(pledge(scope, deps, county, offer(400_000), aroundOf()));
    await t.notThrowsAsync(pledge(scope, deps, elsewhere, offer(1_000_000), aroundOf()));
  },
);

test.serial(
  'of two hundred gifts at once to two committees of one state, with room for one, one is accepted',
  async (t) => {
    const { scope, deps } = await openDesk(t, 'us');
    const ohio = { kind: 'local_party', region: 'OH' } as const;
    const both = [await makeRecipient(scope, ohio), await makeRecipient(scope, ohio)];
    const tries = Array.from({ length: 200 }, async (_, at) => {
      const to = both[at % 2] ?? both[0];
      if (!to) return 'nowhere';
      const offer = offerOf(scope, { amountMinor: 600_000 });
      return record(scope, deps, to, offer, aroundOf()).then(({ state }) => state, String);
    });
    const answers = await Promise.all(tries);
    t.is(answers.filter((state) => state === 'accepted').length, 1);
    t.true(answers.some((state) => /core\.invalid.*fundraising\.fault\.cap/.test(state)));
  },
);

test.serial(
  'a committee that has not said its state takes nothing; once it says, what it took counts there, and the state stays',
  async (t) => {
    const { app, scope, deps } = await openDesk(t, 'us');
    const local = { kind: 'local_party', region: undefined } as const;
    const [old, other] = [
      await makeRecipient(scope, local),
      await makeRecipient(scope, { ...local, region: 'OH' }),
    ];
    const refused = await t.throwsAsync(record(scope, deps, old, offerOf(scope), aroundOf()));
    t.regex(JSON.stringify(refused), /fundraising\.fault\.region/);
    // As it was taken before anybody asked for the state.
    const before = await record(
      scope,
      deps,
      { ...old, region: 'OH' },
      offerOf(scope, { amountMinor: 700_000 }),
      aroundOf(),
    );
    await app.house.database
      .db('fundraising.donation')
      .where({ id: before.id })
      .update({
        cap_scope: `recipient:${old.id}/2026`,
      });
    const { id: _, ...values } = old;
    await changeRecipient(scope, deps, old.id, { ...values, region: 'OH' });
    const over = offerOf(scope, { amountMinor: 300_001 });
    const answer = await t.throwsAsync(record(scope, deps, other, over, aroundOf()));
    t.regex(JSON.stringify(answer), /fundraising\.fault\.cap/);
    const moved = changeRecipient(scope, deps, old.id, { ...values, region: 'GA' });
    t.regex(JSON.stringify(await t.throwsAsync(moved)), /fundraising\.fault\.region-kept/);
    for (const [region, why] of [
      [undefined, /region-asked/],
      ['OHIO', /region-form/],
    ] as const) {
      const founding = foundRecipient(scope, deps, { ...values, region });
      t.regex(JSON.stringify(await t.throwsAsync(founding)), why);
    }
  },
);

test.serial(
  'an election is one whatever case, accents, spaces and points it is written with',
  async (t) => {
    const of = await scopesIn(t, 'fr');
    const written = [
      'Municipales 2026',
      'MUNICIPALES 2026.',
      ' municipales  2026 ',
      'Municipalés-2026',
    ];
    for (const election of written) {
      t.is(await of({ kind: 'candidate', election }), 'all_candidates/election:municipales-2026');
    }
    const other = { kind: 'candidate', election: 'Municipales 2032' } as const;
    t.is(await of(other), 'all_candidates/election:municipales-2032');
  },
);

test.serial('play money takes no room under the cap from what is real', async (t) => {
  const of = await scopesIn(t, 'fr');
  t.is(await of({ kind: 'party', isTest: true }), 'test:all_parties/2026');
  t.is(await of({ kind: 'party' }), 'all_parties/2026');
});
