// Every case, written from the law's text; and that a pack cannot change unseen by them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Decision, Question, RuleQuestion } from './gate.ts';
import { kinds } from './kinds.ts';
import { assemble, loadPacks, type Packs } from './pack.ts';
import { isRuleId, kindOf, type RuleId } from './rules.ts';
import type { CapabilityVersion, Pack, RuleVersion, Verdict } from './schema.ts';

interface ActCase {
  given: Omit<Question, 'when'> & { when: string };
  /** `missing` left out: no condition would help. */
  expect: { effect: 'allow' | 'deny'; rule: string; pack: string; missing?: string[] };
  /** The article, and what it says. */
  note: string;
}

interface RuleCase {
  given: Omit<RuleQuestion, 'when'> & { rule: RuleId; when: string };
  /** The whole value, and one of the packs that it rests on; or that nothing is written. */
  expect: { value?: unknown; pack?: string; unwritten?: true; provisional?: boolean };
  note: string;
}

type Case = ActCase | RuleCase;

const inForce = ['eu', 'fr', 'us', 'gb'];
const drafts = ['de', 'be', 'es', 'it', 'ch', 'ca', 'ca-qc', 'au', 'in', 'br'];
const jurisdictions = [...inForce, ...drafts];
const read = (folder: string, id: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, folder, `${id}.json`), 'utf8'));
const cases = new Map<string, Case[]>(jurisdictions.map((id) => [id, read('cases', id)]));
const written: Pack[] = jurisdictions.map((id) => read('packs', id));
/** With which packs a changed one is read: those in force rest on no draft. */
const around = (id: string) =>
  written.filter((one) => inForce.includes(one.id) || !inForce.includes(id));

/** What the case finds otherwise than the law says; `undefined` when all is as it should be. */
function wrongIn(packs: Packs, jurisdiction: string, one: Case): string | undefined {
  return 'rule' in one.given
    ? wrongInRule(packs, jurisdiction, one as RuleCase)
    : wrongInAct(packs, jurisdiction, one as ActCase);
}

function wrongInAct(packs: Packs, jurisdiction: string, { given, expect, note }: ActCase) {
  const when = new Date(given.when);
  const decision = packs.decide(jurisdiction, { ...given, when });
  const said = `${jurisdiction}: ${given.capability} on ${given.when} (${note})`;
  if (decision.effect !== expect.effect) return `${said}: ${decision.effect}`;
  return rests(decision, expect) ? undefined : `${said}: ${JSON.stringify(decision.reasons)}`;
}

function rests(decision: Decision, { rule, pack, missing }: ActCase['expect']): boolean {
  return decision.reasons.some(
    (reason) =>
      reason.rule === rule &&
      reason.pack === pack &&
      String(reason.missing?.toSorted()) === String(missing?.toSorted()),
  );
}

function wrongInRule(packs: Packs, jurisdiction: string, { given, expect, note }: RuleCase) {
  const said = `${jurisdiction}: ${given.rule} on ${given.when} (${note})`;
  if (!isRuleId(given.rule)) return `${said}: no rule`;
  const ruling = packs.rule(jurisdiction, given.rule, { ...given, when: new Date(given.when) });
  const kind = kinds[kindOf(given.rule)];
  const value = expect.unwritten ? undefined : kind.read(expect.value);
  if (JSON.stringify(ruling.value) !== JSON.stringify(value)) {
    return `${said}: ${JSON.stringify(ruling.value)}`;
  }
  if (expect.provisional !== undefined && ruling.provisional !== expect.provisional) {
    return `${said}: provisional ${ruling.provisional}`;
  }
  const isThere = ruling.reasons.some((reason) => reason.pack === expect.pack);
  return expect.unwritten || isThere ? undefined : `${said}: ${JSON.stringify(ruling.reasons)}`;
}

for (const [jurisdiction, all] of cases) {
  test(`under ${jurisdiction}, every case ends as the law says`, async (t) => {
    const packs = await loadPacks({ isSigned: () => true });
    t.deepEqual(
      all.map((one) => wrongIn(packs, jurisdiction, one)).filter((wrong) => wrong),
      [],
    );
  });
}

test('every rule of every pack has a case under that pack', (t) => {
  const bare = written.flatMap(({ id, rules = {} }) => {
    const tried = cases.get(id)?.map(({ given }) => ('rule' in given ? given.rule : '')) ?? [];
    return Object.keys(rules).filter((rule) => !tried.includes(rule as RuleId));
  });
  t.deepEqual(bare, []);
});

/** The pack as if it spoke of this word alone, which is read a hundred times as fast. */
function about(word: string, pack: Pack): Pack {
  const only = <T>(all: Record<string, T> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name === word));
  const overrides = pack.overrides?.filter(({ rule }) => rule.endsWith(`.${word}`)) ?? [];
  return {
    ...pack,
    capabilities: only(pack.capabilities),
    rules: only(pack.rules),
    matters: {},
    overrides,
  };
}

/** Whether some case on the word, of any of the packs, or the loading itself, notices. */
function isNoticed(packs: readonly Pack[], word: string): boolean {
  let changed: Packs;
  try {
    changed = assemble(
      packs.map((pack) => about(word, pack)),
      [],
      () => true,
    );
  } catch {
    return true;
  }
  return packs.some(({ id }) =>
    cases.get(id)?.some((one) => wordOf(one) === word && wrongIn(changed, id, one)),
  );
}

const wordOf = ({ given }: Case): string => ('rule' in given ? given.rule : given.capability);

test('of each word alone the cases hold as the packs stand', (t) => {
  const words = written.flatMap(({ capabilities, rules }) =>
    Object.keys({ ...capabilities, ...rules }),
  );
  t.deepEqual(
    words.filter((word) => isNoticed(written, word)),
    [],
  );
});

/** Every other value of one version, and each of its conditions left out. */
function changesOf(version: CapabilityVersion): CapabilityVersion[] {
  const { requires = [], ...rest } = version;
  const verdicts: Verdict[] = ['denied', 'conditional', 'allowed'];
  const values = verdicts
    .filter((value) => value !== version.value)
    .map((value) => ({
      ...rest,
      value,
      ...(value === 'conditional' ? { requires: ['never.met'] } : {}),
    }));
  const weaker = requires.map((word) => ({
    ...version,
    requires: requires.filter((other) => other !== word),
  }));
  return [...values, ...(requires.length > 1 ? weaker : [])];
}

/** The value with one of its leaves changed, each in turn, and with one entry of its lists left out. */
function neighbours(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const fewer = value.map((_, index) => value.toSpliced(index, 1));
    const other = value.flatMap((one, index) =>
      neighbours(one).map((changed) => value.with(index, changed)),
    );
    const more = value.every((one) => typeof one === 'string') ? [[...value, 'more']] : [];
    return [...fewer, ...other, ...more];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, one]) =>
      neighbours(one).map((changed) => ({ ...value, [name]: changed })),
    );
  }
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 0.01, null];
  if (value === null) return [0, 1];
  return duration.test(String(value)) ? ['PT1S', 'P99Y'] : stepsBeside(String(value));
}

const duration = /^P[T\d]/;
const ladder = [
  ...['none', 'info', 'opt_out', 'documented_interest', 'opt_in', 'double_opt_in', 'explicit'],
  'explicit_separate',
];
const stepsBeside = (text: string): string[] =>
  ladder.includes(text) ? ladder.filter((step) => step !== text) : [`${text}x`, 'AAA'];

/** The pack with one version of one rule changed or, of `undefined`, left out. */
function withRule(pack: Pack, rule: string, index: number, change?: RuleVersion): Pack {
  const versions = pack.rules?.[rule] ?? [];
  const others = change ? versions.with(index, change) : versions.toSpliced(index, 1);
  return { ...pack, rules: { ...pack.rules, [rule]: others } };
}

/** What the cases do not notice; `act` makes the changed packs: the word, what was done to it, the pack. */
function unseenIn(id: string, act: (pack: Pack) => Iterable<[string, string, Pack]>): string[] {
  const packs = around(id);
  const pack = packs.find((one) => one.id === id) as Pack;
  return [...act(pack)]
    .filter(
      ([word, , changed]) =>
        !isNoticed(
          packs.map((one) => (one === pack ? changed : one)),
          word,
        ),
    )
    .map(([word, what]) => `${word} ${what}`);
}

function* eachRule(pack: Pack): Generator<[string, number, RuleVersion]> {
  for (const [rule, versions] of Object.entries(pack.rules ?? {})) {
    for (const [index, version] of versions.entries()) yield [rule, index, version];
  }
}

for (const id of ['fr', 'us', ...drafts]) {
  test(`no value and no condition of ${id}.json changes without a case that fails`, (t) => {
    const unseen = unseenIn(id, function* (pack) {
      for (const [word, versions] of Object.entries(pack.capabilities)) {
        for (const [index, version] of versions.entries()) {
          for (const change of changesOf(version)) {
            const capabilities = { ...pack.capabilities, [word]: versions.with(index, change) };
            yield [word, `${index}: ${JSON.stringify(change)}`, { ...pack, capabilities }];
          }
        }
      }
    });
    t.deepEqual(unseen, []);
  });

  test(`no rule of ${id}.json is dropped or changed without a case that fails`, (t) => {
    let tried = 0;
    const unseen = unseenIn(id, function* (pack) {
      for (const [rule, index, version] of eachRule(pack)) {
        yield [rule, `${index} dropped`, withRule(pack, rule, index)];
        for (const value of neighbours(version.value)) {
          tried += 1;
          const changed = withRule(pack, rule, index, { ...version, value });
          yield [rule, `${index}: ${JSON.stringify(value)}`, changed];
        }
      }
    });
    t.deepEqual(unseen, []);
    t.true(tried > (inForce.includes(id) ? 100 : 20), String(tried));
  });

  test(`no first or last day in ${id}.json moves by a month without a case that fails`, (t) => {
    const unseen = unseenIn(id, function* (pack) {
      for (const [word, versions] of Object.entries(pack.capabilities)) {
        for (const [index, version] of versions.entries()) {
          if (version.from === undefined) continue;
          const moved = versions.with(index, { ...version, from: monthLater(version.from) });
          yield [
            word,
            String(index),
            { ...pack, capabilities: { ...pack.capabilities, [word]: moved } },
          ];
        }
      }
      for (const [rule, index, version] of eachRule(pack)) {
        for (const end of ['from', 'to'] as const) {
          const day = version[end];
          if (day === undefined) continue;
          const changed = { ...version, [end]: monthLater(day) };
          yield [rule, `${index} ${end}`, withRule(pack, rule, index, changed)];
        }
      }
    });
    t.deepEqual(unseen, []);
  });
}

function monthLater(day: string): string {
  return new Date(Date.parse(day) + 31 * 86_400_000).toISOString().slice(0, 10);
}
