// The gate and the packs: merging, dates, defaults, and what is refused at load.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { isAppError } from '../errors.ts';
import { type CapabilityValue, capabilityRule } from './merge.ts';
import { assemble, loadPacks } from './pack.ts';
import type { CapabilityVersion, Pack } from './schema.ts';
import { midnight } from './timeline.ts';
import { isCapability } from './vocabulary.ts';

const when = new Date('2026-11-24T12:00:00Z');

function rule(change: Partial<CapabilityVersion>): CapabilityVersion {
  return {
    value: 'denied',
    source: 'Act 1, art. 2',
    asOf: '2026-01-01',
    basis: 'law',
    confidence: 'K',
    ...change,
  };
}

function pack(id: string, segment: CapabilityVersion[], more: Partial<Pack> = {}): Pack {
  return {
    id,
    version: '2026.1.0',
    choosable: true,
    status: 'draft',
    countries: [],
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    capabilities: { 'audience.segment': segment },
    matters: {},
    ...more,
  };
}

const segment = { capability: 'audience.segment', when };
const conditional = (...requires: string[]) => rule({ value: 'conditional', requires });

const anyValue: fc.Arbitrary<CapabilityValue> = fc.oneof(
  fc.constantFrom<CapabilityValue>(
    { value: 'denied', requires: [] },
    { value: 'allowed', requires: [] },
  ),
  fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'age>=17'), { minLength: 1 })
    .map((words): CapabilityValue => ({ value: 'conditional', requires: words.sort() })),
);

test('merging two values commutes, groups as one likes, and repeats without effect', (t) => {
  const { merge } = capabilityRule;
  fc.assert(
    fc.property(anyValue, anyValue, anyValue, (one, two, three) => {
      t.deepEqual(merge(one, two), merge(two, one));
      t.deepEqual(merge(one, one), one);
      t.deepEqual(merge(merge(one, two), three), merge(one, merge(two, three)));
    }),
  );
});

test('what two packs decide together is what their merged values say', (t) => {
  const asRule = ({ value, requires }: CapabilityValue) =>
    value === 'conditional' ? conditional(...requires) : rule({ value });
  const met = fc.subarray(['a', 'b', 'c', 'age>=17']);
  fc.assert(
    fc.property(anyValue, anyValue, met, (one, two, met) => {
      const both = capabilityRule.merge(one, two);
      const packs = assemble([
        pack('aa', [asRule(one)], { countries: ['AA'] }),
        pack('bb', [asRule(two)], { countries: ['BB'] }),
        pack('cc', [asRule(both)]),
      ]);
      const abroad = packs.decide('aa', { ...segment, met, person: { country: 'BB' } });
      const merged = packs.decide('cc', { ...segment, met });
      t.is(abroad.effect, merged.effect);
    }),
  );
});

test('a child that loosens its parent is refused with both named', (t) => {
  const parent = pack('aa', [rule({ value: 'denied' })]);
  const child = pack('bb', [conditional('consent.political_targeting')], { extends: ['aa'] });
  const error = t.throws(() => assemble([parent, child]));
  t.regex(error?.message ?? '', /bb\.json: capabilities\.audience\.segment: looser than aa\.json/);
});

test('a child is found looser also when only a later version of its parent is strict', (t) => {
  const parent = pack('aa', [
    rule({ value: 'allowed', to: '2027-12-31' }),
    rule({ value: 'denied', from: '2028-01-01' }),
  ]);
  const child = pack('bb', [rule({ value: 'allowed' })], { extends: ['aa'] });
  t.throws(() => assemble([parent, child]), { message: /looser than aa/ });
});

test('a sourced override stands where the parent leaves a choice, and nowhere else', (t) => {
  const overrides = [
    { rule: 'capabilities.audience.segment', reason: 'a national choice', source: 'Act 9' },
  ];
  const child = pack('bb', [rule({ value: 'allowed' })], { extends: ['aa'], overrides });
  const open = pack('aa', [rule({ value: 'denied', nationalOption: true })]);
  t.is(assemble([open, child]).decide('bb', segment).effect, 'allow');
  t.throws(() => assemble([pack('aa', [rule({ value: 'denied' })]), child]), {
    message: /without a national option/,
  });
});

test('a stricter child is asked beside its parent, and the conditions of both must be met', (t) => {
  const packs = assemble([
    pack('aa', [conditional('consent.email')]),
    pack('bb', [conditional('age>=17')], { extends: ['aa'] }),
  ]);
  const met = ['consent.email'];
  t.is(packs.decide('bb', { ...segment, met, person: { age: 17 } }).effect, 'allow');
  t.is(packs.decide('bb', { ...segment, met, person: { age: 16 } }).effect, 'deny');
  t.is(packs.decide('bb', { ...segment, person: { age: 17 } }).effect, 'deny');
});

test('a value past its last day is kept, and the answer is provisional', (t) => {
  const packs = assemble([pack('aa', [rule({ value: 'allowed', to: '2026-11-03' })])]);
  const at = (time: string) => packs.decide('aa', { ...segment, when: new Date(time) });
  t.like(at('2026-11-03T22:59:59Z'), { effect: 'allow', provisional: false });
  t.like(at('2026-11-03T23:00:00Z'), { effect: 'allow', provisional: true });
});

test('before its first day a rule is not written, so the act is denied', (t) => {
  const packs = assemble([pack('aa', [rule({ value: 'allowed', from: '2026-12-01' })])]);
  const decision = packs.decide('aa', segment);
  t.is(decision.effect, 'deny');
  t.is(decision.reasons[0]?.rule, 'default.unwritten');
});

test('between two versions with a gap the former is kept provisionally', (t) => {
  const versions = [
    rule({ value: 'allowed', to: '2026-06-30' }),
    rule({ value: 'denied', from: '2027-01-01' }),
  ];
  const decision = assemble([pack('aa', versions)]).decide('aa', segment);
  t.like(decision, { effect: 'allow', provisional: true });
});

test('an unknown word and an unknown pack are denied', async (t) => {
  const packs = await loadPacks();
  t.false(isCapability('enrich.everything'));
  t.false(isCapability('constructor'));
  for (const id of [...packs.ids, 'eu', 'zz']) {
    t.is(packs.decide(id, { capability: 'enrich.everything', when }).effect, 'deny');
    t.is(packs.permits(id, 'enrich.everything', when).effect, 'deny');
  }
  t.is(packs.decide('zz', { capability: 'publish.page', when }).effect, 'deny');
});

test('what depends on conditions is permitted at best, and denied until they are met', async (t) => {
  const packs = await loadPacks();
  const atBest = packs.permits('us', 'enrich.social', when);
  t.like(atBest, { effect: 'allow' });
  t.deepEqual(atBest.obligations[0], { kind: 'condition', value: 'consent.social_match' });
  t.is(packs.decide('us', { capability: 'enrich.social', when }).effect, 'deny');
  t.is(packs.permits('fr', 'enrich.social', when).effect, 'deny');
});

test('demand throws 451 with the rule and its source, and uses the clock of the law', async (t) => {
  const law = (await loadPacks()).lawOf('fr', () => when);
  const error = t.throws(() => law.demand({ capability: 'enrich.social' }));
  if (!isAppError(error)) return t.fail();
  t.is(error.status, 451);
  t.is(error.code, 'law.denied');
  t.like(error.details, {
    capability: 'enrich.social',
    reasons: [{ pack: 'fr', since: '2016-11-08', confidence: 'V' }],
  });
});

test('a day begins at midnight in its zone, also when the clock changes', (t) => {
  const at = (day: string, zone: string) => new Date(midnight(day, zone)).toISOString();
  t.is(at('2026-03-29', 'Europe/Paris'), '2026-03-28T23:00:00.000Z');
  t.is(at('2026-03-30', 'Europe/Paris'), '2026-03-29T22:00:00.000Z');
  t.is(at('2026-11-02', 'America/New_York'), '2026-11-02T05:00:00.000Z');
  t.is(at('2026-01-01', 'Pacific/Auckland'), '2025-12-31T11:00:00.000Z');
});

function folderOf(t: ExecutionContext, files: Record<string, string | object>): string {
  const folder = mkdtempSync(join(tmpdir(), 'packs-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const broken: [string, string | object, RegExp][] = [
  ['text that is no JSON', '{ "id": ', /aa\.json is not JSON/],
  [
    'a rule without a source',
    pack('aa', [{ ...rule({}), source: undefined as unknown as string }]),
    /aa\.json: capabilities\.audience\.segment, version 1 must have required property 'source'/,
  ],
  [
    'a value that is none',
    pack('aa', [{ ...rule({}), value: 'maybe' as 'denied' }]),
    /aa\.json: capabilities\.audience\.segment, version 1, value must be one of denied/,
  ],
  [
    'a word outside the vocabulary',
    pack('aa', [], { capabilities: { 'enrich.everything': [rule({})] } }),
    /aa\.json: capabilities\.enrich\.everything is no word/,
  ],
  ['a condition that is not named', pack('aa', [rule({ value: 'conditional' })]), /must name what/],
  ['a day that is none', pack('aa', [rule({ from: '2026-02-30' })]), /segment: 2026-02-30 is not/],
  [
    'two versions of one day',
    pack('aa', [rule({ to: '2026-05-01' }), rule({ from: '2026-05-01' })]),
    /aa\.json: capabilities\.audience\.segment: two versions hold on 2026-05-01/,
  ],
  ['a parent that is not there', pack('aa', [rule({})], { extends: ['qq'] }), /extends qq/],
  ['a pack that extends itself', pack('aa', [rule({})], { extends: ['aa'] }), /extends itself/],
  ['a time zone that is none', pack('aa', [rule({})], { timeZone: 'Mars/Olympus' }), /no IANA/],
  [
    'a word that the schema lacks',
    { ...pack('aa', [rule({})]), extra: 1 },
    /must not have "extra"/,
  ],
];

for (const [name, content, said] of broken) {
  test(`a pack is refused with file and rule: ${name}`, async (t) => {
    await t.throwsAsync(loadPacks({ folders: [folderOf(t, { 'aa.json': content })] }), {
      name: 'StartError',
      message: said,
    });
  });
}

test('all faults of all packs are told at once', async (t) => {
  const folder = folderOf(t, {
    'aa.json': '[]',
    'bb.json': pack('bb', [rule({ value: 'conditional' })]),
  });
  const error = await t.throwsAsync(loadPacks({ folders: [folder] }));
  t.regex(error?.message ?? '', /aa\.json[\s\S]*bb\.json/);
});
