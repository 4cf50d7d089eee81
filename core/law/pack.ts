// Packs: one JSON file a jurisdiction, loaded, checked and merged at start.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from '../database/start-error.ts';
import type { Log } from '../log.ts';
import { checkPack } from './check.ts';
import { compile, type Statute } from './compile.ts';
import type { Decision, Law, Question, RuleQuestion, Ruling } from './gate.ts';
import { judge, judgeAtBest, lawWith, type Part, silent } from './judge.ts';
import { rulingOf } from './rulebook.ts';
import { factorOfRule, isRuleId, type RuleId, type RuleValue } from './rules.ts';
import type { Matter, MatterVersion, Pack } from './schema.ts';
import { dayOf, type Span, spanAt } from './timeline.ts';
import { factorOf, isCapability } from './vocabulary.ts';

export interface Packs {
  /** Ids of the jurisdictions that an organization may choose, e.g. `fr`. */
  readonly ids: readonly string[];
  /** The file as written; also of those that are a base only. */
  get(id: string): Pack | undefined;
  /** The pack itself, then its parents; empty when there is none. */
  lineage(id: string): readonly Pack[];
  decide(jurisdiction: string, question: Question & { when: Date }): Decision;
  /**
   * Whether the law leaves room for it at all: conditions count as met and come back as
   * obligations of kind `condition`. For plugins, menus and screens, never for an act on a person.
   */
  permits(jurisdiction: string, capability: string, when: Date): Decision;
  /** What the rule sets: merged along the parents, and over the countries that its factor asks for. */
  rule<Id extends RuleId>(
    jurisdiction: string,
    id: Id,
    question: RuleQuestion & { when: Date },
  ): Ruling<RuleValue<Id>>;
  /** What the nearest pack that speaks of the matter says; `undefined` before its first version. */
  matter(jurisdiction: string, matter: Matter, when: Date): Span<MatterVersion> | undefined;
  /** The law of one organization, on a clock. */
  lawOf(jurisdiction: string, now: () => Date): Law;
}

const bundled = resolve(import.meta.dirname, 'packs');

/** Reads `*.json` of the folders (the bundled one if left out). Throws StartError with every fault at once. */
export async function loadPacks(
  options: { folders?: readonly string[]; log?: Log } = {},
): Promise<Packs> {
  const faults: string[] = [];
  const packs = (options.folders ?? [bundled])
    .flatMap(filesOf)
    .map((file) => checkPack(file, readFileSync(file, 'utf8'), faults))
    .filter((pack) => pack !== undefined);
  const made = assemble(packs, faults);
  for (const pack of packs) {
    options.log?.debug({ pack: pack.id, version: pack.version, status: pack.status }, 'pack read');
  }
  return made;
}

/** As `loadPacks`, from packs that are read already. */
export function assemble(packs: readonly Pack[], faults: string[] = []): Packs {
  const statutes = compile(packs, faults);
  if (faults.length > 0) {
    throw new StartError(
      `The law cannot be read:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  return new Shelf(statutes);
}

class Shelf implements Packs {
  readonly ids: readonly string[];
  readonly #statutes: ReadonlyMap<string, Statute>;
  /** Of two that name a country, the one that can be chosen is the nearer. */
  readonly #byCountry = new Map<string, Statute>();

  constructor(statutes: ReadonlyMap<string, Statute>) {
    this.#statutes = statutes;
    const all = [...statutes.values()];
    this.ids = all.filter((one) => one.pack.choosable).map((one) => one.pack.id);
    for (const statute of all.toSorted((a, b) => +a.pack.choosable - +b.pack.choosable)) {
      for (const country of statute.pack.countries) this.#byCountry.set(country, statute);
    }
  }

  get(id: string): Pack | undefined {
    return this.#statutes.get(id)?.pack;
  }

  lineage(id: string): readonly Pack[] {
    return this.#statutes.get(id)?.lineage ?? [];
  }

  decide(jurisdiction: string, question: Question & { when: Date }): Decision {
    const { capability, person, when } = question;
    const own = this.#rules(jurisdiction, capability, when);
    const foreign = this.#foreign(jurisdiction, capability, person?.country);
    if (!foreign) return judge(own, question);
    // A parent that both have is asked once.
    return judge([...new Set([...own, ...this.#rules(foreign, capability, when)])], question);
  }

  permits(jurisdiction: string, capability: string, when: Date): Decision {
    return judgeAtBest(this.#rules(jurisdiction, capability, when));
  }

  rule<Id extends RuleId>(
    jurisdiction: string,
    id: Id,
    { person, election, when }: RuleQuestion & { when: Date },
  ): Ruling<RuleValue<Id>> {
    const asked = this.#askedFor(jurisdiction, id, person?.country, election?.country);
    const statutes = asked.map((pack) => this.#statutes.get(pack)).filter((one) => !!one);
    const said = statutes.map((statute) => {
      const timeline = statute.rules.get(id);
      return (
        (timeline && spanAt(timeline, when.getTime())?.value) ?? { parts: [], value: undefined }
      );
    });
    const imprint = statutes[0]?.imprint ?? {
      id: jurisdiction,
      version: '?',
      asOf: dayOf(when, 'UTC'),
    };
    const why =
      statutes.length === 0 ? 'unknown_pack' : isRuleId(id) ? 'unwritten' : 'unknown_word';
    return rulingOf(id, said, silent(why, imprint).deny) as Ruling<RuleValue<Id>>;
  }

  matter(jurisdiction: string, matter: Matter, when: Date): Span<MatterVersion> | undefined {
    const timeline = this.#statutes.get(jurisdiction)?.matters.get(matter);
    return timeline && spanAt(timeline, when.getTime());
  }

  lawOf(jurisdiction: string, now: () => Date): Law {
    return lawWith(
      (question) => this.decide(jurisdiction, question),
      (id, question) => this.rule(jurisdiction, id, question),
      now,
    );
  }

  /** Never empty: where nothing is written, silence denies. */
  #rules(id: string, capability: string, when: Date): readonly Part[] {
    const statute = this.#statutes.get(id);
    if (!statute) return [silent('unknown_pack', { id, version: '?', asOf: dayOf(when, 'UTC') })];
    if (!isCapability(capability)) return [silent('unknown_word', statute.imprint)];
    const rule = statute.capabilities.get(capability);
    const parts = rule && spanAt(rule, when.getTime())?.value;
    return parts?.length ? parts : [silent('unwritten', statute.imprint)];
  }

  /** Whose packs: of an election its own country's, of data and messages the person's as well. */
  #askedFor(own: string, id: RuleId, person?: string, election?: string): string[] {
    const factor = isRuleId(id) ? factorOfRule(id) : 'site';
    if (factor === 'silence') return [this.#packOf(election) ?? own];
    const isAsked = factor === 'data' || factor === 'message';
    const foreign = isAsked ? this.#packOf(person) : undefined;
    return [...new Set(foreign ? [own, foreign] : [own])];
  }

  #packOf(country?: string): string | undefined {
    return country === undefined ? undefined : this.#byCountry.get(country.toUpperCase())?.pack.id;
  }

  /** The person's own country's law, where the matter asks for it and it is another and known here. */
  #foreign(jurisdiction: string, capability: string, country?: string): string | undefined {
    if (country === undefined || !isCapability(capability)) return undefined;
    const factor = factorOf(capability);
    if (factor !== 'data' && factor !== 'message') return undefined;
    const id = this.#packOf(country);
    return id === jurisdiction ? undefined : id;
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}
