// Lays each pack along time and merges it with its parents, so that the gate only has to look up.
import type { Reason } from './gate.ts';
import type { Part } from './judge.ts';
import { capabilityRule } from './merge.ts';
import type { CapabilityVersion, Matter, MatterVersion, Pack } from './schema.ts';
import { type Span, spanAt, type Timeline, timelineOf, turns } from './timeline.ts';

/** One pack in force: its own rules and those of its parents. */
export interface Statute {
  readonly pack: Pack;
  /** Itself first, then its parents, each once. */
  readonly lineage: readonly Pack[];
  /** By word; in each span all the rules that hold together, the nearest pack's first. */
  readonly capabilities: ReadonlyMap<string, Timeline<readonly Part[]>>;
  /** Information only: the nearest pack that speaks of the matter is heard alone. */
  readonly matters: ReadonlyMap<Matter, Timeline<MatterVersion>>;
  readonly imprint: { id: string; version: string; asOf: string };
}

type Rules = Map<string, Timeline<readonly Part[]>>;

/** Parents before children; what does not fit together is added to the faults, by pack and rule. */
export function compile(packs: readonly Pack[], faults: string[]): ReadonlyMap<string, Statute> {
  const statutes = new Map<string, Statute>();
  const byId = new Map(packs.map((pack) => [pack.id, pack]));
  if (byId.size < packs.length) faults.push('Two packs have the same id.');
  function visit(pack: Pack, path: readonly string[]): void {
    if (statutes.has(pack.id)) return;
    if (path.includes(pack.id)) {
      faults.push(`${pack.id}.json: extends itself, by way of ${path.join(', ')}.`);
      return;
    }
    for (const id of pack.extends ?? []) {
      const parent = byId.get(id);
      if (parent) visit(parent, [...path, pack.id]);
      else faults.push(`${pack.id}.json: extends ${id}, which is not there.`);
    }
    const parents = (pack.extends ?? []).map((id) => statutes.get(id)).filter((one) => !!one);
    statutes.set(pack.id, statuteOf(pack, parents, faults));
  }
  for (const pack of packs) visit(pack, []);
  faults.push(...countriesOfTwo(packs));
  return statutes;
}

function statuteOf(pack: Pack, parents: readonly Statute[], faults: string[]): Statute {
  const complain = (rule: string, why: string) => faults.push(`${pack.id}.json: ${rule}: ${why}.`);
  const inherited = parents.map((parent) => parent.capabilities);
  const matters = new Map(parents.toReversed().flatMap((parent) => [...parent.matters]));
  for (const [matter, versions] of Object.entries(pack.matters)) {
    matters.set(matter as Matter, laid(versions, pack, `matters.${matter}`, complain));
  }
  return {
    pack,
    lineage: [...new Set([pack, ...parents.flatMap((parent) => parent.lineage)])],
    capabilities: merged(pack, ownRules(pack, complain), inherited, complain),
    matters,
    imprint: { id: pack.id, version: pack.version, asOf: newestDay(pack) },
  };
}

type Complain = (rule: string, why: string) => void;

function laid<V extends { from?: string; to?: string }>(
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

function ownRules(pack: Pack, complain: Complain): Rules {
  const rules: Rules = new Map();
  for (const [word, versions] of Object.entries(pack.capabilities)) {
    const timeline = laid(versions, pack, `capabilities.${word}`, complain);
    rules.set(
      word,
      timeline.map((span) => ({ ...span, value: [partOf(pack, word, span)] })),
    );
  }
  return rules;
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

/** Side by side along time: the gate asks all of them, unless the child stands in its parents' place. */
function merged(
  pack: Pack,
  own: Rules,
  inherited: readonly ReadonlyMap<string, Timeline<readonly Part[]>>[],
  complain: Complain,
): Rules {
  const overrides = new Set(pack.overrides?.map((one) => one.rule));
  const words = new Set([...own.keys(), ...inherited.flatMap((rules) => [...rules.keys()])]);
  for (const rule of overrides) {
    const isWritten = own.has(rule.replace('capabilities.', ''));
    if (!isWritten) complain(rule, 'overridden, but not written here');
  }
  const mergedRule = (word: string): Timeline<readonly Part[]> => {
    const mine = own.get(word) ?? [];
    const theirs = inherited.map((one) => one.get(word) ?? []);
    const rule = `capabilities.${word}`;
    return turns([mine, ...theirs]).map((start) => {
      const child = spanAt(mine, start)?.value ?? [];
      const parents = theirs.flatMap((timeline) => spanAt(timeline, start)?.value ?? []);
      const why = refusalOf(child, parents, overrides.has(rule));
      if (why) complain(rule, why);
      const kept = child.length > 0 && overrides.has(rule) ? [] : parents;
      return { start, value: [...new Set([...child, ...kept])], provisional: false };
    });
  };
  return new Map([...words].map((word) => [word, mergedRule(word)]));
}

/** A child may stand in its parent's place only by a sourced override, and only where the parent yields. */
function refusalOf(child: readonly Part[], parents: readonly Part[], overridden: boolean) {
  for (const parent of child.length > 0 ? parents : []) {
    const where = `${parent.deny.pack}.json (${parent.deny.source})`;
    if (overridden && !parent.yields) return `${where} is law without a national option`;
    if (!overridden && child.some((part) => capabilityRule.isLooser(part, parent))) {
      return `looser than ${where}, without an override that names its source`;
    }
  }
  return undefined;
}

function countriesOfTwo(packs: readonly Pack[]): string[] {
  const seen = new Map<string, string>();
  const faults: string[] = [];
  for (const { id, choosable, countries } of packs) {
    for (const country of countries) {
      const key = `${country} ${choosable}`;
      const other = seen.get(key);
      if (other) faults.push(`${id}.json: ${country} is a country of ${other}.json already.`);
      seen.set(key, id);
    }
  }
  return faults;
}

function newestDay(pack: Pack): string {
  const days = Object.values(pack.capabilities).flatMap((versions) => versions.map((v) => v.asOf));
  return days.sort().at(-1) ?? '1970-01-01';
}
