// A list before it is a file: its columns, and rows one after the other, whatever their number.
import type { DonationLine } from '../line.ts';

export interface Column {
  /** Key in the locales. */
  label: string;
  /** `amount`: a whole number of the smallest unit. `day`: an ISO date. */
  kind: 'text' | 'amount' | 'day' | 'number';
}
/** A word of the locales. */
export interface Word {
  word: string;
}
export type Cell = string | number | Word | undefined;
export interface Sheet {
  columns: readonly Column[];
  /** ISO 4217, of all its amounts. */
  currency: string;
  rows: AsyncIterable<readonly Cell[]>;
}

export type Lines = AsyncIterable<DonationLine>;

/** First and last day, as ISO dates. */
export interface Period {
  since: string;
  until: string;
}

/** Of lawful money, what did not go back. */
export function keptOf({ state, amountMinor, refundedMinor }: DonationLine): number {
  return state === 'accepted' ? amountMinor - refundedMinor : 0;
}

/** It reached the recipient lawfully; some or all of it may have gone back since. */
export function cameIn({ state }: DonationLine): boolean {
  return state === 'accepted' || state === 'refunded';
}

export function isWithin({ givenOn }: DonationLine, { since, until }: Period): boolean {
  return since <= givenOn && givenOn <= until;
}

/** All lines of one donor together, of lines that come by donor; each anonymous gift is alone. */
export async function* byDonor(lines: Lines): AsyncIterable<DonationLine[]> {
  let group: DonationLine[] = [];
  for await (const line of lines) {
    const [first] = group;
    if (first && (line.donorId === undefined || line.donorId !== first.donorId)) {
      if (rankOf(line) < rankOf(first)) throw new Error('The lines must come donor by donor.');
      yield group;
      group = [];
    }
    group.push(line);
  }
  if (group.length > 0) yield group;
}

function rankOf({ donorId }: DonationLine): bigint {
  return BigInt(donorId ?? 0);
}

/** On one line, as it is written on an envelope. */
export function addressOf({ identity: { address = {} } }: DonationLine): string {
  const place = [address.postcode, address.locality].filter(Boolean).join(' ');
  const parts = [address.line1, address.line2, place, address.region, address.country];
  return parts.filter(Boolean).join(', ');
}

export function methodOf({ method }: DonationLine): Word {
  return { word: `fundraising.method.${method}` };
}
