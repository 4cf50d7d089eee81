// Lays each pack along time and merges it with its parents, so that the gate only has to look up.
import { fileOf, placeIn } from './check.ts';
import type { Citation, Reason } from './gate.ts';
import type { Part } from './judge.ts';
import { capabilityRule } from './merge.ts';
import {
  clashOf,
  isLooserRule,
  type Ruled,
  type RulePart,
  rulePartOf,
  together,
} from './rulebook.ts';
import type { RuleId } from './rules.ts';
import type { CapabilityVersion, Matter, MatterVersion, Pack } from './schema.ts';
import { type Dated, type Span, spanFrom, type Timeline, timelineOf, turns } from './timeline.ts';

/** One pack in force: its own rules and those of its parents, each merged when it is first asked for. */
export interface Statute {
  readonly pack: Pack;
  /** Itself first, then its parents, each once. */
  readonly lineage: readonly Pack[];
  /** Those of the lineage that are drafts. */
  readonly drafts: readonly Pack[];
  /** Whose law it is: its own id; of a party's own pack, that of the bundled ones which it extends. */
  readonly home: ReadonlySet<string>;
  /** In each span all that hold together, the nearest pack's first; empty where nothing is written. */
  capability(word: string): Timeline<readonly Part[]>;
  /** In each span the values of all that hold together, as one. */
  rule(id: RuleId): Timeline<Ruled>;
  /** Information only: the nearest pack that speaks of the matter is heard alone. */
  matter(matter: Matter): Timeline<MatterVersion>;
  readonly imprint: { id: string; version: string; asOf: string };
  /** Merges everything, so that all that is wrong is found now. */
  check(): void;
}

export interface CompileOptions {
  faults: string[];
  /** Ids of the party's own packs, which may relax rules of the house alone. */
  own?: ReadonlySet<string>;
}

/**
 * Answers the statute of an id, made with its parents' when it is first asked for. What does not fit
 * together is added to the faults, by pack and rule, once it is merged.
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
      faults.push(
        `${fileOf(pack)}: extends ${lost}, which is not there${placeIn(pack, 'extends')}.`,
      );
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
  const writer = { pack, complain, isOwn };
  const lineage = [...new Set([pack, ...parents.flatMap((parent) => parent.lineage)])];
  const capability = once((word: string) => capabilityOf(word, parents, writer));
  const rule = once((id: RuleId) => ruleOf(id, parents, writer));
  const matter = once((name: Matter): Timeline<MatterVersion> => {
    const written = versionsIn(pack.matters, name);
    if (!written) return parents.map((one) => one.matter(name)).find((one) => one.length) ?? [];
    return laid(written, `matters.${name}`, writer);
  });
  return {
    ...{ pack, lineage, capability, rule, matter },
    drafts: lineage.filter((one) => one.status === 'draft'),
    home: isOwn ? new Set(parents.flatMap(({ home }) => [...home])) : new Set([pack.id]),
    imprint: imprintOf(pack),
    check() {
      const words = (of: (one: Pack) => object) =>
        new Set(lineage.flatMap((p) => Object.keys(of(p))));
      for (const word of words((one) => one.capabilities)) capability(word);
      for (const id of words((one) => one.rules ?? {})) rule(id as RuleId);
      for (const name of words((one) => one.matters)) matter(name as Matter);
      refuseVainOverrides(pack, complain);
    },
  };
}

function once<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

/** What stands there under the word itself, and not what every object has. */
function versionsIn<V>(all: Readonly<Record<string, readonly V[]>> | undefined, word: string) {
  return all && Object.hasOwn(all, word) ? all[word] : undefined;
}

type Complain = (rule: string, why: string) => void;
interface Writer {
  pack: Pack;
  complain: Complain;
  isOwn: boolean;
}

function laid<V extends Dated>(
  versions: readonly V[],
  rule: string,
  { pack, complain }: Writer,
): Timeline<V> {
  try {
    return timelineOf(versions, pack.timeZone);
  } catch (error) {
    complain(rule, (error as Error).message);
    return [];
  }
}

function capabilityOf(word: string, parents: readonly Statute[], writer: Writer) {
  const rule = `capabilities.${word}`;
  const written = laid(versionsIn(writer.pack.capabilities, word) ?? [], rule, writer);
  const mine = written.map((span) => ({ ...span, value: [partOf(writer.pack, word, span)] }));
  const theirs = parents.map((parent) => parent.capability(word));
  return merged<Part>(mine, theirs, {
    ...{ rule, ...writer },
    isLooser: capabilityRule.isLooser,
    cite: ({ deny }) => deny,
    allows: ({ value }) => value !== 'denied',
  });
}

function ruleOf(id: RuleId, parents: readonly Statute[], writer: Writer): Timeline<Ruled> {
  const rule = `rules.${id}`;
  const written = laid(versionsIn(writer.pack.rules, id) ?? [], rule, writer);
  const mine = written.map((span) => ({ ...span, value: [rulePartOf(writer.pack, id, span)] }));
  const theirs = parents.map((parent) =>
    parent.rule(id).map((span) => ({ ...span, value: span.value.parts })),
  );
  const timeline = merged<RulePart>(mine, theirs, {
    ...{ rule, ...writer },
    isLooser: (child, parent) => isLooserRule(id, child, parent),
    cite: ({ citation }) => citation,
    allows: () => false,
  });
  const clash = timeline.map((span) => clashOf(id, span.value)).find((why) => why);
  if (clash) writer.complain(rule, `no stricter can be told of ${clash}`);
  return timeline.map((span) => ({ ...span, value: together(id, span.value) }));
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
  mine: Timeline<readonly Part[]>,
  theirs: readonly Timeline<readonly Part[]>[],
  against: Against<Part>,
): Timeline<readonly Part[]> {
  const isOverridden = against.pack.overrides?.some(({ rule }) => rule === against.rule) ?? false;
  return turns([mine, ...theirs]).map((start) => {
    const child = spanFrom(mine, start)?.value ?? [];
    const parents = theirs.flatMap((timeline) => spanFrom(timeline, start)?.value ?? []);
    const why = refusalOf(child, parents, isOverridden, against);
    if (why) against.complain(against.rule, why);
    const kept = child.length > 0 && isOverridden ? [] : parents;
    return { start, value: [...new Set([...child, ...kept])], provisional: false };
  });
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

export function imprintOf(pack: Pack): Statute['imprint'] {
  return { id: pack.id, version: pack.version, asOf: newestDay(pack) };
}

function newestDay(pack: Pack): string {
  const days = Object.values(pack.capabilities).flatMap((versions) => versions.map((v) => v.asOf));
  return days.sort().at(-1) ?? '1970-01-01';
}
