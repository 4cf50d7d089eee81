// Packs: one JSON file a jurisdiction, read at start, merged when first asked for.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartError } from '../database/start-error.ts';
import type { Log } from '../log.ts';
import { checkPack } from './check.ts';
import { clashes, compiler, imprintOf, type Statute } from './compile.ts';
import type { Decision, Law, Question, RuleQuestion, Ruling } from './gate.ts';
import { judge, judgeAtBest, lawWith, type Part, silent } from './judge.ts';
import { filesOf, printOf, readOwn, stamped } from './own.ts';
import { rulingOf } from './rulebook.ts';
import { factorOfRule, isRuleId, type RuleId, type RuleValue } from './rules.ts';
import type { Matter, MatterVersion, Pack } from './schema.ts';
import { dayOf, type Span, spanAt } from './timeline.ts';
import { factorOf, isCapability, waitsForSignature } from './vocabulary.ts';

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
  /** Drafts among the pack and its parents that no administrator has signed. */
  unsigned(id: string): readonly Pack[];
  /** The same as if every draft were signed: for who reads what a pack says, never for an act. */
  asWritten(): Packs;
  /** Reads the party's own again if a file changed; whether another law is in force since. */
  reread(): boolean;
  /** What was wrong when that was last tried: what was in force before is so still. */
  readonly faults: readonly string[];
}

const bundled = resolve(import.meta.dirname, 'packs');

export interface PackOptions {
  /** Read and checked whole, in place of those of Rostra, which their tests have checked. */
  folders?: readonly string[];
  /** Where the party keeps packs of its own; there need not be one. */
  own?: string;
  /** Whether an administrator signed the draft as reviewed; of none if left out. */
  isSigned?: (pack: Pack) => boolean;
  log?: Log;
}

/** Throws StartError with every fault at once. */
export async function loadPacks(options: PackOptions = {}): Promise<Packs> {
  return new Shelf(options);
}

/** As `loadPacks`, from packs that are read already. */
export function assemble(
  packs: readonly Pack[],
  faults: string[] = [],
  isSigned?: PackOptions['isSigned'],
): Packs {
  return new Shelf({ isSigned }, libraryOf(packs, { faults, all: true }));
}

class Shelf implements Packs {
  faults: readonly string[] = [];
  readonly #options: PackOptions;
  readonly #bundled: readonly Pack[] = [];
  #library: Library;
  #print = '';

  constructor(options: PackOptions, library?: Library) {
    this.#options = options;
    const { folders, own } = options;
    const faults: string[] = [];
    if (!library) this.#bundled = readBundled(folders, faults);
    this.#print = printOf(own);
    this.#library = library ?? this.#read({ faults, all: folders !== undefined });
  }

  get ids(): readonly string[] {
    return this.#library.ids;
  }

  asWritten(): Packs {
    return new Shelf({ isSigned: () => true }, this.#library);
  }

  reread(): boolean {
    const { own, log } = this.#options;
    const print = printOf(own);
    if (print === this.#print) return false;
    this.#print = print;
    const faults: string[] = [];
    try {
      this.#library = this.#read({ faults, all: false });
      this.faults = [];
      log?.info({ packs: this.ids }, 'the packs of the party were read again');
      return true;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.faults = faults;
      log?.error({ faults }, 'a pack of the party is wrong: what was in force stays so');
      return false;
    }
  }

  #read(how: { faults: string[]; all: boolean }): Library {
    const own = readOwn(this.#options.own, how.faults);
    return libraryOf([...this.#bundled, ...own], { ...how, own });
  }

  unsigned(id: string): readonly Pack[] {
    const drafts = this.#library.statute(id)?.drafts ?? [];
    if (drafts.length === 0) return drafts;
    return drafts.filter((pack) => !this.#options.isSigned?.(pack));
  }

  get(id: string): Pack | undefined {
    return this.#library.packs.get(id);
  }

  lineage(id: string): readonly Pack[] {
    return this.#library.statute(id)?.lineage ?? [];
  }

  decide(jurisdiction: string, question: Question & { when: Date }): Decision {
    const { capability, person, when } = question;
    const own = this.#rules(jurisdiction, capability, when);
    const foreign = this.#foreign(jurisdiction, capability, person?.country);
    if (!foreign) return judge(own, question);
    // A parent that both have is asked once.
    return judge([...new Set([...own, ...this.#rulesAbroad(foreign, capability, when)])], question);
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
    const statutes = asked.map((pack) => this.#library.statute(pack)).filter((one) => !!one);
    const said = statutes.map((statute) => {
      return spanAt(statute.rule(id), when.getTime())?.value ?? { parts: [], value: undefined };
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
    const statute = this.#library.statute(jurisdiction);
    return statute && spanAt(statute.matter(matter), when.getTime());
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
    const statute = this.#library.statute(id);
    if (!statute) return [silent('unknown_pack', { id, version: '?', asOf: dayOf(when, 'UTC') })];
    if (!isCapability(capability)) return [silent('unknown_word', statute.imprint)];
    const parts = spanAt(statute.capability(capability), when.getTime())?.value;
    const written = parts?.length ? parts : [silent('unwritten', statute.imprint)];
    if (statute.drafts.length === 0 || !waitsForSignature(capability)) return written;
    // What the draft itself denies is the better reason.
    if (written.some(({ value }) => value === 'denied')) return written;
    return [...written, ...this.unsigned(id).map((pack) => silent('draft', imprintOf(pack)))];
  }

  /** Of a country whose draft nobody here has signed, what it says may make the answer stricter; its silence may not. */
  #rulesAbroad(id: string, capability: string, when: Date): readonly Part[] {
    if (this.unsigned(id).length === 0) return this.#rules(id, capability, when);
    const statute = this.#library.statute(id);
    if (!statute || !isCapability(capability)) return [];
    return spanAt(statute.capability(capability), when.getTime())?.value ?? [];
  }

  /** Whose packs: of an election its own country's, of data and messages the person's as well. */
  #askedFor(own: string, id: RuleId, person?: string, election?: string): string[] {
    const factor = isRuleId(id) ? factorOfRule(id) : 'site';
    if (factor === 'silence') {
      const there = this.#packOf(election);
      const isHome = there === undefined || this.#library.statute(own)?.home.has(there);
      return [isHome ? own : there];
    }
    const isAsked = factor === 'data' || factor === 'message';
    const foreign = isAsked ? this.#abroad(own, person) : undefined;
    return foreign ? [own, foreign] : [own];
  }

  #packOf(country?: string): string | undefined {
    return country === undefined ? undefined : this.#library.byCountry.get(country.toUpperCase());
  }

  /** The pack of a country, unless it is that of the organization or what its own pack builds on. */
  #abroad(own: string, country?: string): string | undefined {
    const id = this.#packOf(country);
    return id === undefined || this.#library.statute(own)?.home.has(id) ? undefined : id;
  }

  /** The person's own country's law, where the matter asks for it and it is another and known here. */
  #foreign(jurisdiction: string, capability: string, country?: string): string | undefined {
    if (country === undefined || !isCapability(capability)) return undefined;
    const factor = factorOf(capability);
    if (factor !== 'data' && factor !== 'message') return undefined;
    return this.#abroad(jurisdiction, country);
  }
}

interface Library {
  readonly packs: ReadonlyMap<string, Pack>;
  readonly ids: readonly string[];
  /** Of two that name a country, the one that can be chosen is the nearer. */
  readonly byCountry: ReadonlyMap<string, string>;
  /** Made when it is first asked for. */
  statute(id: string): Statute | undefined;
}

interface LibraryOptions {
  faults: string[];
  /** Those of the party's own. */
  own?: readonly Pack[];
  /** Make all statutes now; else those of the party's own, and what they build on. */
  all: boolean;
}

function libraryOf(packs: readonly Pack[], { faults, own = [], all }: LibraryOptions): Library {
  if (all || own.length > 0) faults.push(...clashes(packs));
  const statute = compiler(packs, { faults, own: new Set(own.map(({ id }) => id)) });
  for (const { id } of all ? packs : own) statute(id)?.check();
  if (faults.length > 0) throw wrong(faults);
  const byCountry = new Map<string, string>();
  for (const { id, countries } of packs.toSorted((a, b) => +a.choosable - +b.choosable)) {
    for (const country of countries) byCountry.set(country, id);
  }
  const ids = packs.filter(({ choosable }) => choosable).map(({ id }) => id);
  return { packs: new Map(packs.map((pack) => [pack.id, pack])), ids, byCountry, statute };
}

function wrong(faults: readonly string[]): StartError {
  return new StartError(
    `The law cannot be read:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
}

/** Unchecked: what is wrong with a pack of Rostra a test finds, and no start pays for it. */
function readBundled(folders: readonly string[] | undefined, faults: string[]): Pack[] {
  if (!folders) {
    const packs = filesOf(bundled).map((file): Pack => JSON.parse(readFileSync(file, 'utf8')));
    return packs.map((pack) => (pack.status === 'draft' ? stamped(pack) : pack));
  }
  return folders
    .flatMap(filesOf)
    .map((file) => checkPack(file, readFileSync(file, 'utf8'), faults))
    .filter((pack) => pack !== undefined);
}
