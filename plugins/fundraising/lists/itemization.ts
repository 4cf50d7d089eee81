// American itemised receipts: each of a donor whose gifts of the calendar year pass the amount, and the sum of all others (11 CFR 104.3(a)).
import { nameOf } from '../identity.ts';
import type { DonationLine } from '../line.ts';
import {
  byDonor,
  type Cell,
  type Column,
  cameIn,
  isWithin,
  type Lines,
  methodOf,
  type Period,
  type Sheet,
} from './sheet.ts';

const head = (name: string, kind: Column['kind'] = 'text'): Column => ({
  label: `fundraising.list.column.${name}`,
  kind,
});
const columns = [
  ...['record', 'donor', 'name', 'line1', 'line2', 'locality', 'region', 'postcode'].map((name) =>
    head(name),
  ),
  ...['country', 'occupation', 'employer'].map((name) => head(name)),
  head('day', 'day'),
  head('method'),
  ...['amount', 'refunded', 'aggregate'].map((name) => head(name, 'amount')),
];

export interface Itemizing extends Period {
  /** More than this in a calendar year, in the smallest unit; what went back later lowers nothing. */
  aboveMinor: number;
  currency: string;
}

interface Sums {
  amount: number;
  refunded: number;
}

/** Of lines that come by donor, then by day, from the first of January of the period's first year. */
export function itemization(lines: Lines, itemizing: Itemizing): Sheet {
  return { columns, currency: itemizing.currency, rows: rowsOf(lines, itemizing) };
}

async function* rowsOf(lines: Lines, itemizing: Itemizing): AsyncIterable<readonly Cell[]> {
  const itemized: Sums = { amount: 0, refunded: 0 };
  const others: Sums = { amount: 0, refunded: 0 };
  for await (const group of byDonor(lines)) {
    for (const { line, aggregate, isItemized } of aggregated(group, itemizing)) {
      add(isItemized ? itemized : others, line);
      if (isItemized) yield rowOf(line, aggregate);
    }
  }
  yield [];
  yield totalOf('itemized', itemized);
  yield totalOf('unitemized', others);
  const both = {
    amount: itemized.amount + others.amount,
    refunded: itemized.refunded + others.refunded,
  };
  yield totalOf('total', both);
}

/** Of the period, each with what the donor had given in its year by then. */
function aggregated(group: DonationLine[], itemizing: Itemizing) {
  const inTime = group.filter((line) => cameIn(line) && line.givenOn <= itemizing.until);
  const sums = new Map<string, number>();
  const running = inTime.map((line) => {
    const aggregate = (sums.get(yearOf(line)) ?? 0) + line.amountMinor;
    sums.set(yearOf(line), aggregate);
    return { line, aggregate };
  });
  return running
    .filter(({ line }) => isWithin(line, itemizing))
    .map(({ line, aggregate }) => {
      const inYear = sums.get(yearOf(line)) ?? 0;
      const isItemized = line.donorId !== undefined && inYear > itemizing.aboveMinor;
      return { line, aggregate, isItemized };
    });
}

const yearOf = ({ givenOn }: DonationLine) => givenOn.slice(0, 4);

function add(sums: Sums, line: DonationLine): void {
  sums.amount += line.amountMinor;
  sums.refunded += line.refundedMinor;
}

function rowOf(line: DonationLine, aggregate: number): readonly Cell[] {
  const { identity } = line;
  const { address = {} } = identity;
  return [
    line.id,
    line.donorId,
    nameOf(identity),
    address.line1,
    address.line2,
    address.locality,
    address.region,
    address.postcode,
    address.country,
    identity.occupation,
    identity.employer,
    line.givenOn,
    methodOf(line),
    line.amountMinor,
    line.refundedMinor,
    aggregate,
  ];
}

function totalOf(word: string, { amount, refunded }: Sums): readonly Cell[] {
  return [{ word: `fundraising.list.${word}` }, ...Array(12).fill(undefined), amount, refunded];
}
