// Great Britain's list of what was not accepted and went back: from whom, when, and in which way (PPERA 2000, sch. 6, paras 6 and 7).
import { nameOf } from '../identity.ts';
import type { ReturnLine } from './returned.sql.ts';
import { addressOf, type Cell, type Column, methodOf, type Sheet } from './sheet.ts';

const head = (name: string, kind: Column['kind'] = 'text'): Column => ({
  label: `fundraising.list.column.${name}`,
  kind,
});
const columns = [
  ...['ground', 'record', 'donor-type', 'name', 'address', 'register-number'].map((name) =>
    head(name),
  ),
  head('method'),
  head('day', 'day'),
  head('returned-on', 'day'),
  ...['returned-how', 'reference', 'why', 'note'].map((name) => head(name)),
  head('amount', 'amount'),
];
const grounds = ['impermissible', 'unidentifiable', 'other'] as const;
type Ground = (typeof grounds)[number];

/** Of lines by the day on which they went back, with a total by ground. */
export function returned(lines: AsyncIterable<ReturnLine>, currency: string): Sheet {
  return { columns, currency, rows: rowsOf(lines) };
}

async function* rowsOf(lines: AsyncIterable<ReturnLine>): AsyncIterable<readonly Cell[]> {
  const totals: Record<Ground, number> = { impermissible: 0, unidentifiable: 0, other: 0 };
  for await (const line of lines) {
    totals[groundOf(line)] += line.returnedMinor;
    yield rowOf(line);
  }
  yield [];
  for (const ground of grounds) yield totalOf(wordOf(ground), totals[ground]);
  const all = grounds.reduce((sum, ground) => sum + totals[ground], 0);
  yield totalOf('fundraising.list.total', all);
}

/** Who could not be verified in time may not give either; what came late or over a cap is no matter of who gave. */
function groundOf({ why = '', donorId }: ReturnLine): Ground {
  if (why.startsWith('anonymous') || donorId === undefined) return 'unidentifiable';
  const isOfDonor = why.startsWith('donor.') || ['verify', 'field', 'attest'].includes(why);
  return isOfDonor ? 'impermissible' : 'other';
}

function rowOf(line: ReturnLine): readonly Cell[] {
  const { id, donorType, identity, givenOn, returnedOn, account, why, note } = line;
  return [
    { word: wordOf(groundOf(line)) },
    id,
    donorType && { word: `fundraising.donor.${donorType}` },
    nameOf(identity),
    addressOf(line),
    identity.registerNumber,
    methodOf(line),
    ...[givenOn, returnedOn],
    { word: `fundraising.list.returned.out-of.${account}` },
    referenceOf(line),
    why && { word: `fundraising.donation.why.${why}` },
    note,
    line.returnedMinor,
  ];
}

/** What was sent back by hand stands in the ledger below the gift's own number. */
function referenceOf({ id, reference }: ReturnLine): string {
  return reference.startsWith(`${id}: `) ? reference.slice(id.length + 2) : reference;
}

const wordOf = (ground: Ground): string => `fundraising.list.returned.${ground}`;

function totalOf(word: string, minor: number): readonly Cell[] {
  return [{ word }, ...Array(columns.length - 2).fill(undefined), minor];
}
