// The gifts of an invented year, the same each time: small sums, more before a vote and at Christmas, most by card.
import type { Person } from 'rostra/people';
import type { Identity } from '../identity.ts';
import type { Method } from '../index.ts';

/** What is written for one country: `fr.json`, `us.json`. */
export interface Words {
  /** Who works there as treasurer, by name. */
  treasurer: string;
  party: InventedRecipient;
  local: InventedRecipient & { place: string };
  page: { title: string; slug: string; summary: string; body: string } & Record<
    'amounts' | 'goal' | 'fund' | 'thanks',
    string
  >;
  /** How a visitor came to the page. */
  tracking: string[];
  streets: string[];
  places: { postcode: string; locality: string; region?: string }[];
  work: { occupation: string; employer: string }[];
}
export interface InventedRecipient {
  name: string;
  agent?: string;
  collector?: string;
  address: string;
  registerNumber?: string;
  bankAccount?: string;
  region?: string;
}

export interface InventedGift {
  person: Person;
  identity: Identity;
  /** ISO date. */
  day: string;
  amountMinor: number;
  method: Method;
  isOnPage: boolean;
}

const dayLong = 24 * 3600_000;
const amounts = [10, 15, 20, 20, 25, 30, 30, 50, 50, 50, 60, 80, 100, 100, 150, 250, 500];
const methods: readonly Method[] = [
  ...(['card', 'card', 'card', 'card', 'card', 'card', 'direct_debit'] as const),
  ...(['transfer', 'cheque', 'cheque'] as const),
];

/** Oldest first, of the eleven months up to that day. */
export function inventGifts(
  words: Words,
  people: readonly Person[],
  { now, country }: { now: Date; country: string },
): InventedGift[] {
  const chance = makeChance(people.length + 7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  const gifts = people.flatMap((person) => {
    const identity = identityOf(person, {
      ...{
        country: country.toUpperCase(),
        line1: `${1 + Math.floor(chance() * 90)} ${pick(words.streets)}`,
      },
      ...{ place: pick(words.places), work: pick(words.work) },
    });
    const usual = pick(amounts);
    return Array.from({ length: 1 + Math.floor(chance() * 3) }, (): InventedGift => {
      const ago = 1 + Math.floor(330 * chance() ** 1.6);
      const method = pick(methods);
      return {
        ...{ person, identity, method, isOnPage: method === 'card' || method === 'direct_debit' },
        day: new Date(now.getTime() - ago * dayLong).toISOString().slice(0, 10),
        amountMinor: 100 * (chance() < 0.7 ? usual : pick(amounts)),
      };
    });
  });
  return gifts.sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
}

/** As the laws of both countries want a donor known. */
export function identityOf(
  { givenName, familyName, emailAddresses }: Person,
  more: {
    country: string;
    line1: string;
    place: Words['places'][number];
    work: Words['work'][number];
  },
): Identity {
  const { country, line1, place, work } = more;
  return {
    ...(givenName && { givenName }),
    ...(familyName && { familyName }),
    ...(emailAddresses[0] && { emailAddress: emailAddresses[0] }),
    ...{ nationality: country, ...work, address: { line1, ...place, country } },
  };
}

/** Lehmer's: 31 bits of state, so that the invented year is always the same one. */
function makeChance(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
