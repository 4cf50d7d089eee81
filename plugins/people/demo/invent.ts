// Invents one person after the other: name, ways to reach, when they came, what they said, what became of it.
import { randomUUID } from 'node:crypto';
import { type Chance, makeChance } from './chance.ts';
import { invent as inventStory, type Story } from './invent-story.ts';
import { makeNames } from './names.ts';
import { makePhones } from './phones.ts';
import { makePlaces, type Place } from './places.ts';
import { plain, type Words, wordsOf } from './words.ts';

export interface Invented extends Story {
  key: string;
  givenName: string | null;
  familyName: string | null;
  birthDate: string | null;
  createdAt: Date;
  emails: { address: string; status: 'ok' | 'bounced' | 'bad' }[];
  phones: string[];
  place: Place;
  street: string | null;
  /** Place in the plan's chapters; `undefined`: the party alone sees them. */
  chapter: number | undefined;
}

export interface Inventing {
  country: string;
  now: Date;
  /** Départements or states of the chapters, in their order. */
  areas: readonly string[];
  /** Addresses that real people have. */
  taken: Set<string>;
}

export interface Maker {
  chance: Chance;
  words: Words;
  now: Date;
}

/** Without end; the same people in the same order each time, their dates told from `now`. */
export async function* inventPeople({
  country,
  now,
  areas,
  taken,
}: Inventing): AsyncIterable<Invented> {
  const words = wordsOf(country);
  const maker: Maker = { chance: makeChance(country === 'fr' ? 1789 : 1776), words, now };
  const { chance } = maker;
  const names = await makeNames(country, words);
  const place = makePlaces(country, areas);
  const phone = makePhones(country);
  let before: Invented | undefined;
  for (let n = 0; ; n += 1) {
    const partner: Invented | undefined = before?.street && chance.is(0.16) ? before : undefined;
    const home = partner?.place ?? place(chance);
    const isNamed = chance.is(0.985);
    const givenName = isNamed ? names.given(chance) : null;
    const familyName = isNamed
      ? partner?.familyName && chance.is(0.7)
        ? partner.familyName
        : names.family(chance)
      : null;
    const addresses = addressesOf(maker, { givenName, familyName, taken, n });
    const at = areas.indexOf(home.area);
    const born = birthDateOf(maker, n);
    const person = {
      key: randomUUID(),
      ...{ givenName, familyName },
      birthDate: born,
      createdAt: cameAt(maker),
      emails: addresses.map((address) => ({ address, status: statusOf(chance) })),
      phones: phonesOf(chance, { phone, home, partner, isNeeded: addresses.length === 0 }),
      place: home,
      street: partner?.street ?? (chance.is(0.8) ? streetOf(maker, country) : null),
      chapter: at < 0 ? undefined : at,
    };
    const isMinor =
      born !== null && born > `${now.getUTCFullYear() - 18}${now.toISOString().slice(4, 10)}`;
    before = { ...person, ...inventStory(maker, person, isMinor) };
    yield before;
  }
}

/** None for who is reached by telephone alone, up to three for who changed providers. */
function addressesOf(
  { chance }: Maker,
  who: { givenName: string | null; familyName: string | null; taken: Set<string>; n: number },
): string[] {
  const roll = chance.next();
  const count = roll < 0.09 && who.givenName ? 0 : roll < 0.95 ? 1 : roll < 0.99 ? 2 : 3;
  return Array.from({ length: count }, () => freeAddress(chance, who));
}

function freeAddress(
  chance: Chance,
  who: { givenName: string | null; familyName: string | null; taken: Set<string>; n: number },
): string {
  const given = plain(who.givenName ?? '') || 'contact';
  const family = plain(who.familyName ?? '') || String(who.n);
  const forms = [
    `${given}.${family}`,
    `${given[0]}.${family}`,
    `${given}_${family}`,
    `${family}${chance.between(48, 99)}`,
  ];
  const wanted = (who.familyName ? chance.pick(forms) : `${given}.${family}`).slice(0, 60);
  for (let more = 0; ; more += 1) {
    const address = `${wanted}${more === 0 ? '' : more + 1}@example.org`;
    if (who.taken.has(address)) continue;
    who.taken.add(address);
    return address;
  }
}

function statusOf(chance: Chance): 'ok' | 'bounced' | 'bad' {
  const roll = chance.next();
  return roll < 0.975 ? 'ok' : roll < 0.992 ? 'bounced' : 'bad';
}

interface Phoning {
  phone(chance: Chance, area: string): string;
  home: Place;
  partner: Invented | undefined;
  /** Nothing else reaches them. */
  isNeeded: boolean;
}

function phonesOf(chance: Chance, { phone, home, partner, isNeeded }: Phoning): string[] {
  if (partner?.phones[0] && chance.is(0.5)) return [partner.phones[0]];
  return isNeeded || chance.is(0.55) ? [phone(chance, home.area)] : [];
}

function streetOf({ chance, words }: Maker, country: string): string {
  const street = chance.pick(words.streets);
  const number = chance.between(1, country === 'fr' ? 140 : 4800);
  return `${number}${country === 'fr' && chance.is(0.06) ? ' bis' : ''} ${street}`;
}

/** Most are grown up; one in two hundred is not, and the fourth always: the law asks. */
function birthDateOf({ chance, now }: Maker, n: number): string | null {
  const isMinor = n === 3 || chance.is(0.005);
  if (!isMinor && !chance.is(0.6)) return null;
  const years = isMinor ? chance.between(15, 16) : 18 + Math.floor(chance.next() ** 0.8 * 68);
  const born = new Date(now.getTime() - (years + chance.next() * 0.98) * 365.25 * day);
  return born.toISOString().slice(0, 10);
}

const day = 24 * 3600 * 1000;
/** How far back the party's list goes. */
const oldest = 700;

/** More of late, more on Saturdays, and on days when something happened. */
function cameAt({ chance, now }: Maker): Date {
  for (;;) {
    const days = Math.floor(chance.next() ** 1.7 * oldest);
    const at = new Date(now.getTime() - days * day - chance.next() * 0.9 * day);
    const weight = (at.getUTCDay() === 6 ? 1 : 0.62) + (days % 23 === 4 ? 0.9 : 0);
    if (chance.next() * 1.9 < weight) return at;
  }
}
