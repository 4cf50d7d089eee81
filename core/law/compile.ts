// Lays each pack along time and merges it with its parents, so that the gate only has to look up.
import { fileOf, placeIn } from './check.ts';
import type { Citation, Reason } from './gate.ts';
import type { Part } from './judge.ts';
import { capabilityRule } from './merge.ts';
import {
  clashOf,
  isLooserRule,
  type Rulebook,
  type RulePart,
  rulePartOf,
  together,
} from './rulebook.ts';
import type { RuleId } from './rules.ts';
import type { CapabilityVersion, Matter, MatterVersion, Pack, RuleVersion } from './schema.ts';
import { type Dated, type Span, spanAt, type Timeline, timelineOf, turns } from './timeline.ts';

/** One pack in force: its own rules and those of its parents. */
export interface Statute {
  readonly pack: Pack;
  /** Itself first, then its parents, each once. */
  readonly lineage: readonly Pack[];
  /** Those of the lineage that are drafts. */
  readonly drafts: readonly Pack[];
  /** Whose law it is: its own id; of a party's own pack, that of the bundled ones which it extends. */
  readonly home: ReadonlySet<string>;
  /** By word; in each span all the rules that hold together, the nearest pack's first. */
  readonly capabilities: ReadonlyMap<string, Timeline<readonly Part[]>>;
  /** By rule; in each span the values of all that hold together, as one. */
  readonly rules: Rulebook;
  /** Information only: the nearest pack that speaks of the matter is heard alone. */
  readonly matters: ReadonlyMap<Matter, Timeline<MatterVersion>>;
  readonly imprint: { id: string; version: string; asOf: string };
}

type Layers<Part> = ReadonlyMap<string, Timeline<readonly Part[]>>;

export interface CompileOptions {
  faults: string[];
  /** Ids of the party's own packs, which may relax rules of the house alone. */
  own?: ReadonlySet<string>;
}

/**
 * Answers the statute of an id, made with its parents' when it is first asked for; what does not fit
 * together is then added to the faults, by pack and rule.
 */
export function compiler(
  packs: readonly Pack[],
  { faults, own = new Set() }: CompileOptions,
): (id: string) => Statute | undefined {
  const statutes = new Map<string, Statute>();
  const byId = new Map(packs.map((pack) => [pack.id, pack]));
  function visit(id: string, path: readonly string[]): Statute | undefined {
    const pack = byId.get(id);
    const made = statutes.get(id);
    if (!pack || made) return made;
    if (path.includes(id)) {
      faults.push(`${fileOf(pack)}: extends itself, by way of ${path.join(', ')}.`);
      return undefined;
    }
    const ids = pack.extends ?? [];
    for (const lost of ids.filter((parent) => !byId.has(parent))) {
      faults.push(`${fileOf(pack)}: extends ${lost}, which is not there${placeIn(pack, 'extends')}.`);
    }
    const parents = ids.map((parent) => visit(parent, [...path, id])).filter((one) => !!one);
    const statute = statuteOf(pack, parents, { faults, own });
    statutes.set(id, statute);
    return statute;
  }
  return (id) => visit(id, []);
}

function statuteOf(
  pack: Pack,
  parents: readonly Statute[],
  { faults, own }: Required<CompileOptions>,
): Statute {
  const isOwn = own.has(pack.id);
  const complain = (rule: string, why: string) =>
    faults.push(`${fileOf(pack)}: ${rule}: ${why}${placeIn(pack, rule)}.`);
  const lineage = [...new Set([pack, ...parents.flatMap((parent) => parent.lineage)])];
  const matters = new Map(parents.toReversed().flatMap((parent) => [...parent.matters]));
  for (const [matter, versions] of Object.entries(pack.matters)) {
    matters.set(matter as Matter, laid(versions, pack, `matters.${matter}`, complain));
  }
  return {
    pack,
    lineage,
    drafts: lineage.filter((one) => one.status === 'draft'),
    home: isOwn ? new Set(parents.flatMap(({ home }) => [...home])) : new Set([pack.id]),
    capabilities: capabilitiesOf(pack, parents, { complain, isOwn }),
    rules: rulesOf(pack, parents, { complain, isOwn }),
    matters,
    imprint: { id: pack.id, version: pack.version, asOf: newestDay(pack) },
  };
}

type Complain = (rule: string, why: string) => void;
interface Writer {
  complain: Complain;
  isOwn: boolean;
}

function laid<V extends Dated>(
  versions: readonly V[],
  pack: Pack,
  rule: string,
  complain: Complain,
): Timeline<V> {
  try {
    return timelineOf(versions, pack.timeZone);
  } catch (error) {
    complain(rule, (error as Error).message);
    return [];
  }
}

function capabilitiesOf(pack: Pack, parents: readonly Statute[], { complain, isOwn }: Writer) {
  const own = layersOf(pack, 'capabilities', pack.capabilities, partOf, complain);
  const inherited = parents.map((parent) => parent.capabilities);
  refuseVainOverrides(pack, complain);
  return merged(pack, own, inherited, (word) => ({
    rule: `capabilities.${word}`,
    isLooser: capabilityRule.isLooser,
    cite: ({ deny }) => deny,
    allows: ({ value }) => value !== 'denied',
    ...{ complain, isOwn },
  }));
}

function rulesOf(pack: Pack, parents: readonly Statute[], { complain, isOwn }: Writer): Rulebook {
  const partAt = (of: Pack, id: string, span: Span<RuleVersion>) =>
    rulePartOf(of, id as RuleId, span);
  const own = layersOf(pack, 'rules', pack.rules ?? {}, partAt, complain);
  const inherited = parents.map(({ rules }) => partsOf(rules));
  const layers = merged<RulePart>(pack, own, inherited, (id) => ({
    rule: `rules.${id}`,
    isLooser: (child, parent) => isLooserRule(id as RuleId, child, parent),
    cite: ({ citation }) => citation,
    allows: () => false,
    ...{ complain, isOwn },
  }));
  return new Map(
    [...layers].map(([word, timeline]) => {
      const id = word as RuleId;
      const clash = timeline.map((span) => clashOf(id, span.value)).find((why) => why);
      if (clash) complain(`rules.${id}`, `no stricter can be told of ${clash}`);
      return [id, timeline.map((span) => ({ ...span, value: together(id, span.value) }))];
    }),
  );
}

function partsOf(rules: Rulebook): Layers<RulePart> {
  return new Map(
    [...rules].map(([id, timeline]) => [
      id,
      timeline.map((span) => ({ ...span, value: span.value.parts })),
    ]),
  );
}

function refuseVainOverrides(pack: Pack, complain: Complain): void {
  const written = new Set([
    ...Object.keys(pack.capabilities).map((word) => `capabilities.${word}`),
    ...Object.keys(pack.rules ?? {}).map((id) => `rules.${id}`),
  ]);
  for (const { rule } of pack.overrides ?? []) {
    if (!written.has(rule)) complain(rule, 'overridden, but not written here');
  }
}

function layersOf<V extends Dated, Part>(
  pack: Pack,
  section: string,
  all: Readonly<Record<string, readonly V[]>>,
  partAt: (pack: Pack, word: string, span: Span<V>) => Part,
  complain: Complain,
): Layers<Part> {
  return new Map(
    Object.entries(all).map(([word, versions]) => {
      const timeline = laid(versions, pack, `${section}.${word}`, complain);
      return [word, timeline.map((span) => ({ ...span, value: [partAt(pack, word, span)] }))];
    }),
  );
}

function partOf(pack: Pack, word: string, span: Span<CapabilityVersion>): Part {
  const { value, requires = [], obligations = [], source, url, asOf, from } = span.value;
  const { basis, confidence, nationalOption = false } = span.value;
  const reason = { rule: `capabilities.${word}`, source, url, asOf, since: from };
  const written = { basis, confidence, pack: pack.id, version: pack.version };
  const as = (effect: Reason['effect']): Reason => Object.freeze({ ...reason, effect, ...written });
  return {
    value,
    requires,
    obligations,
    allow: as('allow'),
    deny: as('deny'),
    provisional: span.provisional,
    yields: nationalOption || basis === 'house' || basis === 'regulator',
  };
}

/** How the versions of one word are held against those of its parents. */
interface Against<Part> extends Writer {
  rule: string;
  isLooser(child: Part, parent: Part): boolean;
  cite(part: Part): Citation;
  /** Whether it lets something be done that silence would deny. */
  allows(part: Part): boolean;
}

/** Side by side along time: all of them hold, unless the child stands in its parents' place. */
function merged<Part extends { yields: boolean }>(
  pack: Pack,
  own: Layers<Part>,
  inherited: readonly Layers<Part>[],
  againstOf: (word: string) => Against<Part>,
): Map<string, Timeline<readonly Part[]>> {
  const overrides = new Set(pack.overrides?.map((one) => one.rule));
  const words = new Set([...own.keys(), ...inherited.flatMap((rules) => [...rules.keys()])]);
  const mergedRule = (word: string): Timeline<readonly Part[]> => {
    const mine = own.get(word) ?? [];
    const theirs = inherited.map((one) => one.get(word) ?? []);
    const against = againstOf(word);
    const isOverridden = overrides.has(against.rule);
    return turns([mine, ...theirs]).map((start) => {
      const child = spanAt(mine, start)?.value ?? [];
      const parents = theirs.flatMap((timeline) => spanAt(timeline, start)?.value ?? []);
      const why = refusalOf(child, parents, isOverridden, against);
      if (why) against.complain(against.rule, why);
      const kept = child.length > 0 && isOverridden ? [] : parents;
      return { start, value: [...new Set([...child, ...kept])], provisional: false };
    });
  };
  return new Map([...words].map((word) => [word, mergedRule(word)]));
}

/** A child may stand in its parent's place only by a sourced override, and only where the parent yields. */
function refusalOf<Part extends { yields: boolean }>(
  child: readonly Part[],
  parents: readonly Part[],
  overridden: boolean,
  { isLooser, cite, allows, isOwn }: Against<Part>,
): string | undefined {
  if (isOwn && parents.length === 0 && !overridden && child.some(allows)) {
    return 'no pack that it extends speaks of this, so it is denied: to allow it takes an override that names its source';
  }
  for (const parent of child.length > 0 ? parents : []) {
    const { pack, source, basis } = cite(parent);
    const where = `${pack}.json (${source})`;
    if (overridden && isOwn && basis !== 'house') {
      return `${where} rests on ${basis}, and a party may relax rules of the house alone`;
    }
    if (overridden && !parent.yields) return `${where} is law without a national option`;
    if (!overridden && child.some((part) => isLooser(part, parent))) {
      return `looser than ${where}, without an override that names its source`;
    }
  }
  return undefined;
}

/** Two packs of one id, or of one country. */
export function clashes(packs: readonly Pack[]): string[] {
  const isTwice = new Set(packs.map(({ id }) => id)).size < packs.length;
  const faults = isTwice ? ['Two packs have the same id.'] : [];
  const seen = new Map<string, string>();
  for (const pack of packs) {
    for (const country of pack.countries) {
      const key = `${country} ${pack.choosable}`;
      const other = seen.get(key);
      if (other) faults.push(`${fileOf(pack)}: ${country} is a country of ${other}.json already.`);
      seen.set(key, pack.id);
    }
  }
  return faults;
}

function newestDay(pack: Pack): string {
  const days = Object.values(pack.capabilities).flatMap((versions) => versions.map((v) => v.asOf));
  return days.sort().at(-1) ?? '1970-01-01';
}
