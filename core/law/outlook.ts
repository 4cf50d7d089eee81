// What the law makes of a party, in sentences: for who is about to choose, and for who waits for its next date.
import type { Packs } from './pack.ts';
import { type ComingDate, type Matter, matters, type Pack } from './schema.ts';
import { type Dated, dayOf } from './timeline.ts';
import type { Sentence } from './vocabulary.ts';

export interface OutlookItem {
  matter: Matter;
  /** Key of the matter's name. */
  name: string;
  verdict: 'yes' | 'limits' | 'no';
  sentence: Sentence;
  source: string;
  /** ISO date. */
  asOf: string;
  /** Read at or about the source; else to be checked by the party's counsel. */
  verified: boolean;
  /** The figure has lapsed and its successor is not known. */
  provisional: boolean;
}

export interface NextDate {
  /** ISO date. */
  date: string;
  sentence: Sentence;
  source: string;
  verified: boolean;
  /** Past already: it ran out, and what follows is not known here. */
  lapsed: boolean;
}

/** Every matter, in a fixed order; of what is not written, no. */
export function outlook(packs: Packs, jurisdiction: string, when: Date): OutlookItem[] {
  return matters.map((matter) => {
    const span = packs.matter(jurisdiction, matter, when);
    const name = `law.matter.${matter}.name`;
    if (!span) return { ...unwritten, matter, name };
    const { verdict, sentence: key, params, source, asOf, confidence } = span.value;
    return {
      matter,
      name,
      verdict,
      sentence: { key, params },
      source,
      asOf,
      verified: isVerified(confidence),
      provisional: span.provisional,
    };
  });
}

const unwritten: Omit<OutlookItem, 'matter' | 'name'> = {
  verdict: 'no',
  sentence: { key: 'law.matter.unwritten' },
  source: '',
  asOf: '',
  verified: false,
  provisional: false,
};

/** What has lapsed, then what is to come, the nearest first. */
export function nextDates(packs: Packs, jurisdiction: string, when: Date): NextDate[] {
  const found = packs.lineage(jurisdiction).flatMap((pack, index, lineage) => {
    const today = dayOf(when, pack.timeZone);
    const nearer = lineage.slice(0, index);
    return [...announced(pack, today), ...turnsOf(pack, today, nearer)];
  });
  return found.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function announced(pack: Pack, today: string): NextDate[] {
  return (pack.dates ?? [])
    .map((coming) => ({
      date: coming.yearly ? nextYearly(coming.date, today) : coming.date,
      sentence: { key: coming.sentence },
      source: coming.source,
      verified: isVerified(coming.confidence),
      lapsed: false,
    }))
    .filter(({ date }) => date >= today);
}

/**
 * The days on which a rule or a figure of the pack begins, or ends without a successor; not of a
 * matter on which a nearer pack is heard.
 */
function turnsOf(pack: Pack, today: string, nearer: readonly Pack[]): NextDate[] {
  const heard = Object.entries(pack.matters).filter(
    ([id]) => !nearer.some((one) => Object.hasOwn(one.matters, id)),
  );
  const rules = [
    ...Object.entries(pack.capabilities).map(([id, all]) => [`law.capability.${id}`, all] as const),
    ...heard.map(([id, all]) => [`law.matter.${id}`, all] as const),
  ];
  return rules.flatMap(([key, versions]) =>
    versions.flatMap((version, index) => {
      const { source, confidence } = version;
      const said = { source, verified: isVerified(confidence) };
      const { from, to } = turnOf(version, index === versions.length - 1);
      const begins = { ...said, date: from, sentence: { key: `${key}.begins` }, lapsed: false };
      const ends = { ...said, date: to, sentence: { key: `${key}.ends` }, lapsed: to < today };
      return [...(from > today ? [begins] : []), ...(to ? [ends] : [])];
    }),
  );
}

function turnOf({ from = '', to = '' }: Dated, isLast: boolean): { from: string; to: string } {
  return { from, to: isLast ? to : '' };
}

function nextYearly(date: string, today: string): string {
  const thisYear = `${today.slice(0, 4)}${date.slice(4)}`;
  const next = thisYear >= today ? thisYear : `${+today.slice(0, 4) + 1}${date.slice(4)}`;
  return next > date ? next : date;
}

function isVerified(confidence: ComingDate['confidence']): boolean {
  return confidence === 'V' || confidence === 'S';
}
