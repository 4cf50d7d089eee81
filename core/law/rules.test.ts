// The rules: how their values merge, what a pack may not say, whose law is asked, and who enforces what.
import test from 'ava';
import fc from 'fast-check';
import { checkPack } from './check.ts';
import { channels } from './hours.ts';
import type { Kind } from './kind.ts';
import { consentLadder, type Kinds, kinds } from './kinds.ts';
import { assemble, loadPacks } from './pack.ts';
import { kindOf, type RuleId, ruleIds } from './rules.ts';
import type { Pack, RuleVersion } from './schema.ts';

const when = new Date('2026-11-24T12:00:00Z');

function version(value: unknown, change: Partial<RuleVersion> = {}): RuleVersion {
  return {
    ...{ value, enforce: 'show', source: 'Act 1, art. 2', asOf: '2026-01-01' },
    ...{ basis: 'law', confidence: 'K' },
    ...change,
  };
}

function pack(id: string, rules: Record<string, RuleVersion[]>, more: Partial<Pack> = {}): Pack {
  return {
    ...{ id, version: '2026.1.0', choosable: true, status: 'draft', countries: [] },
    ...{ timeZone: 'Europe/Paris', currency: 'EUR', capabilities: {}, matters: {} },
    rules,
    ...more,
  };
}

const duration = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom('Y', 'M', 'D'))
  .map(([count, unit]) => `P${count}${unit}`);
const words = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
const opening = fc
  .uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 2, maxLength: 2 })
  .map((hours) =>
    hours.toSorted((a, b) => a - b).map((hour) => `${String(hour).padStart(2, '0')}:00`),
  )
  .map((ends) => ends.join('-'));
const openings = fc.array(opening, { maxLength: 1 });
const week = fc.record({ 'mon-sat': openings, sun: openings, holiday: openings });
const moment = fc.constantFrom('election_day', 'result');

/** Values of each kind, as a pack writes them. */
const any: Record<keyof Kinds, fc.Arbitrary<unknown>> = {
  consent: fc.constantFrom(...consentLadder),
  age: fc.integer({ min: 0, max: 100 }),
  hours: fc.dictionary(fc.constantFrom(...channels), week),
  holidays: fc.uniqueArray(fc.constantFrom('01-01', '12-25', 'easter+1')),
  words,
  choices: words,
  money: fc.record({
    minor: fc.option(fc.nat(1000)),
    ...{ currency: fc.constant('EUR'), per: fc.constant('donation') },
    across: fc.constantFrom(
      ...(['recipient', 'region', 'local_parts'] as const),
      ...(['party', 'all_parties', 'all_candidates'] as const),
    ),
  }),
  count: fc.record({ count: fc.nat(9), per: fc.constant('P30D') }),
  within: duration,
  at_most: duration,
  at_least: duration,
  windows: fc.array(
    fc.record({
      ...{ before: duration, of: moment, until: moment },
      bars: fc.uniqueArray(fc.constantFrom('message.sms', 'message.email'), { minLength: 1 }),
    }),
    { maxLength: 3 },
  ),
  donors: fc.record({ types: words, anyOf: fc.array(words, { maxLength: 2 }), never: words }),
  required: fc.boolean(),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
};

for (const [name, kind] of Object.entries(kinds) as [keyof Kinds, Kind<unknown>][]) {
  test(`of ${name}, merging commutes, repeats without effect, groups as one likes and never loosens`, (t) => {
    fc.assert(
      fc.property(any[name], any[name], any[name], (...written) => {
        for (const value of written) t.is(kind.fault(value), undefined);
        const [one, two, three] = written.map((value) => kind.read(value)) as [
          unknown,
          unknown,
          unknown,
        ];
        const both = kind.merge(one, two);
        t.deepEqual(both, kind.merge(two, one));
        t.deepEqual(kind.merge(one, one), one);
        t.deepEqual(kind.merge(both, three), kind.merge(one, kind.merge(two, three)));
        t.false(kind.isLooser(both, one));
        t.deepEqual(kind.merge(both, one), both);
      }),
    );
  });
}

/** Of each operator: what the two become, and whether the first, as a child's, loosens the second. */
const told: [RuleId, unknown, unknown, unknown, boolean][] = [
  ['consent.sms', 'opt_out', 'explicit', 'explicit', true],
  ['age.consent', 15, 16, 16, true],
  ['messaging.opt_out', ['STOP'], ['ARRET'], ['ARRET', 'STOP'], false],
  ['money.methods', ['card', 'cash'], ['card'], ['card'], true],
  ['requests.answer', 'P1M', 'P15D', 'P15D', true],
  ['breach.authority', 'P3D', 'PT72H', 'P3D', false],
  ['retention.campaign_file', 'P1M', 'P0D', 'P0D', true],
  ['retention.donation', 'P6Y', 'P10Y', 'P10Y', true],
  ['messaging.sender', false, true, true, true],
  [
    'messaging.voice.unasked',
    { count: 5, per: 'P30D' },
    { count: 3, per: 'P30D' },
    { count: 3, per: 'P30D' },
    true,
  ],
  ['money.tax.rate', 0.66, 0.5, 0.5, true],
];

for (const [id, child, parent, merged, isLooser] of told) {
  test(`${id}: of ${JSON.stringify(child)} and ${JSON.stringify(parent)} the stricter holds`, (t) => {
    const kind = kinds[kindOf(id)] as Kind<unknown>;
    t.deepEqual(kind.merge(kind.read(child), kind.read(parent)), kind.read(merged));
    t.is(kind.isLooser(kind.read(child), kind.read(parent)), isLooser);
    const packs = [
      pack('aa', { [id]: [version(parent)] }),
      pack('bb', { [id]: [version(child)] }, { extends: ['aa'] }),
    ];
    if (isLooser)
      t.throws(() => assemble(packs), {
        message: new RegExp(`bb\\.json: rules\\.${id}: looser than aa\\.json`),
      });
    else t.deepEqual(assemble(packs).rule('bb', id, { when }).value, kind.read(merged));
  });
}

test('of two amounts the lesser holds, of an amount and none the amount', (t) => {
  const amount = (minor: number | null) => ({ minor, currency: 'EUR', per: 'donation' as const });
  const of = (one: number | null, other: number | null) =>
    assemble([
      pack('aa', { 'money.cash': [version(amount(one))] }),
      pack('bb', { 'money.cash': [version(amount(other))] }, { extends: ['aa'] }),
    ]).rule('bb', 'money.cash', { when }).value?.minor;
  t.is(of(200, 100), 100);
  t.is(of(null, 100), 100);
  t.throws(() => of(100, null), { message: /looser/ });
});

test('amounts in two currencies are refused, since neither is the stricter', (t) => {
  const amount = (currency: string) => version({ minor: 100, currency, per: 'donation' });
  const packs = [
    pack('aa', { 'money.cash': [amount('EUR')] }),
    pack('bb', { 'money.cash': [amount('CHF')] }, { extends: ['aa'] }),
  ];
  t.throws(() => assemble(packs), { message: /bb\.json: rules\.money\.cash: no stricter/ });
});

test('hours that both leave are open, and a channel that one alone names stays as it is', (t) => {
  const all = (...hours: string[]) => ({ 'mon-sun': hours, holiday: hours });
  const value = assemble([
    pack('aa', { 'messaging.quiet': [version({ sms: all('08:00-12:00', '14:00-22:00') })] }),
    pack(
      'bb',
      {
        'messaging.quiet': [
          version({
            sms: { 'mon-sat': ['09:00-15:00'], sun: [], holiday: [] },
            call: all('10:00-18:00'),
          }),
        ],
      },
      { countries: ['BB'] },
    ),
  ]).rule('aa', 'messaging.quiet', { when, person: { country: 'bb' } }).value;
  t.deepEqual(value?.sms?.mon, [
    ['09:00', '12:00'],
    ['14:00', '15:00'],
  ]);
  t.deepEqual(value?.sms?.sun, []);
  t.deepEqual(value?.call?.holiday, [['10:00', '18:00']]);
});

test('a sourced override stands where the parent leaves a choice, and nowhere else', (t) => {
  const overrides = [{ rule: 'rules.age.consent', reason: 'a national choice', source: 'Act 9' }];
  const child = pack('bb', { 'age.consent': [version(15)] }, { extends: ['aa'], overrides });
  const parent = (nationalOption: boolean) =>
    pack('aa', { 'age.consent': [version(16, { nationalOption })] });
  t.is(assemble([parent(true), child]).rule('bb', 'age.consent', { when }).value, 15);
  t.throws(() => assemble([parent(false), child]), { message: /without a national option/ });
});

test('of data and messages both laws are asked, of money and pages the own, of silence the election’s', async (t) => {
  const one = assemble([
    pack('aa', rulesOf(true), { countries: ['AA'] }),
    pack('bb', rulesOf(false), { countries: ['BB'] }),
  ]);
  const asked = (id: RuleId) =>
    one
      .rule('bb', id, { when, person: { country: 'AA' }, election: { country: 'AA' } })
      .reasons.map((reason) => reason.pack);
  t.deepEqual(asked('targeting.record'), ['bb', 'aa']);
  t.deepEqual(asked('messaging.sender'), ['bb', 'aa']);
  t.deepEqual(asked('money.receipt.official'), ['bb']);
  t.deepEqual(asked('imprint.web'), ['bb']);
  t.deepEqual(asked('election.silence'), ['aa']);
  t.is(one.rule('bb', 'messaging.sender', { when, person: { country: 'AA' } }).value, true);
});

function rulesOf(isStrict: boolean): Record<string, RuleVersion[]> {
  return {
    ...{ 'targeting.record': [version(isStrict)], 'messaging.sender': [version(isStrict)] },
    'money.receipt.official': [version(isStrict)],
    'imprint.web': [version(isStrict ? ['publisher'] : [])],
    'election.silence': [version([])],
  };
}

test('where no pack says anything there is no value, and it is said why', async (t) => {
  const law = (await loadPacks()).lawOf('us', () => when);
  const ruling = law.rule('requests.answer');
  t.is(ruling.value, undefined);
  t.is(ruling.reasons[0]?.rule, 'default.unwritten');
  t.is(law.rule('nothing.such' as RuleId).reasons[0]?.rule, 'default.unknown_word');
  const nowhere = (await loadPacks()).rule('zz', 'money.cash', { when });
  t.is(nowhere.reasons[0]?.rule, 'default.unknown_pack');
  t.true(law.rule('money.cap.candidate').provisional);
  t.false(law.rule('money.cap.candidate', { when: new Date('2026-11-01') }).provisional);
});

const refused: [string, string, RuleVersion, RegExp][] = [
  ['a rule that there is none of', 'money.cosh', version(1), /rules\.money\.cosh is no rule/],
  [
    'an age in words',
    'age.consent',
    version('adult'),
    /rules\.age\.consent, version 1, value \(age\) must be an age/,
  ],
  [
    'a step that is not on the ladder',
    'consent.sms',
    version('maybe'),
    /must be one of none, info/,
  ],
  [
    'an amount in no currency',
    'money.cash',
    version({ minor: 1, per: 'donation' }),
    /currency must be/,
  ],
  [
    'an amount of half a cent',
    'money.cash',
    version({ minor: 0.5, currency: 'EUR', per: 'day' }),
    /smallest unit/,
  ],
  [
    'hours that leave out the holidays',
    'messaging.quiet',
    version({ sms: { 'mon-sun': [] } }),
    /every day and "holiday"/,
  ],
  [
    'hours that end before they begin',
    'messaging.quiet',
    version({ sms: { 'mon-sun': ['20:00-09:00'], holiday: [] } }),
    /ends before it begins/,
  ],
  ['a channel that is none', 'messaging.quiet', version({ fax: {} }), /fax is no channel/],
  ['a length of time in words', 'requests.answer', version('a month'), /must be a length of time/],
  [
    'a window that bars nothing',
    'election.silence',
    version([{ before: 'P1D', of: 'election_day', until: 'result', bars: [] }]),
    /bars must name/,
  ],
  ['the same word twice', 'messaging.opt_out', version(['STOP', 'STOP']), /each stands once/],
  ['a share of more than all', 'money.tax.rate', version(66), /share from 0 to 1/],
  ['donors without types', 'money.donors', version({ anyOf: [], never: [] }), /must be a list/],
  [
    'a word of its own merging',
    'age.consent',
    { ...version(15), merge: 'min' } as RuleVersion,
    /must not have "merge"/,
  ],
  [
    'a claim to block what nothing blocks',
    'money.loan.share',
    version(0.5, { enforce: 'block' }),
    /says "block", but nothing in Rostra enforces it/,
  ],
];

for (const [name, id, one, said] of refused) {
  test(`a pack is refused with file, rule and line: ${name}`, (t) => {
    const faults: string[] = [];
    const text = JSON.stringify(pack('aa', { [id]: [one] }), undefined, 2);
    t.is(checkPack('aa.json', text, faults), undefined);
    t.regex(faults.join('\n'), said);
    const line = text.split('\n').findIndex((each) => each.includes(`"${id}"`)) + 1;
    t.true(faults.join('\n').includes(`(line ${line})`), faults.join('\n'));
  });
}

test('what is uncertain may not loosen, neither an act nor a rule', (t) => {
  const faults: string[] = [];
  const overrides = [{ rule: 'rules.age.consent', reason: 'a national choice', source: 'Act 9' }];
  const uncertain = { 'age.consent': [version(15, { confidence: 'U' })] };
  checkPack('aa.json', JSON.stringify(pack('aa', uncertain, { overrides })), faults);
  t.regex(faults.join(), /rules\.age\.consent, version 1, is uncertain \(U\)/);
  faults.length = 0;
  const { enforce, ...act } = version('allowed', { confidence: 'U' });
  const capabilities = { 'publish.page': [act] } as Pack['capabilities'];
  checkPack('aa.json', JSON.stringify(pack('aa', {}, { capabilities })), faults);
  t.regex(faults.join(), /capabilities\.publish\.page is uncertain \(U\)/);
});

test('a child file that loosens its parent is told with its line', (t) => {
  const faults: string[] = [];
  const read = (one: Pack) =>
    checkPack(`${one.id}.json`, JSON.stringify(one, undefined, 2), faults) as Pack;
  const parent = read(pack('aa', { 'requests.answer': [version('P15D')] }));
  const child = read(pack('bb', { 'requests.answer': [version('P1M')] }, { extends: ['aa'] }));
  t.throws(() => assemble([parent, child], faults), {
    message: /rules\.requests\.answer: looser than .* \(line \d+\)/,
  });
});

test('each kind of rule is one that some rule is of', (t) => {
  const used = new Set(ruleIds.map(kindOf));
  t.deepEqual(
    Object.keys(kinds).filter((name) => !used.has(name as keyof Kinds)),
    [],
  );
});
