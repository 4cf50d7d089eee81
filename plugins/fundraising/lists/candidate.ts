// The list of donors that goes with a French candidate's account: by donor, cash apart, with totals by means (L52-12).
import { nameOf } from '../identity.ts';
import type { Method } from '../index.ts';
import type { DonationLine } from '../line.ts';
import {
  addressOf,
  byDonor,
  type Cell,
  type Column,
  keptOf,
  type Lines,
  methodOf,
  type Sheet,
} from './sheet.ts';

const head = (name: string, kind: Column['kind'] = 'text'): Column => ({
  label: `fundraising.list.column.${name}`,
  kind,
});
const columns = [
  ...['record', 'donor', 'name', 'address', 'nationality'].map((name) => head(name)),
  head('day', 'day'),
  head('method'),
  head('amount-but-cash', 'amount'),
  head('cash', 'amount'),
  ...['receipt', 'official'].map((name) => head(name)),
];

/** Of lines that come by donor. */
export function candidate(lines: Lines, currency: string): Sheet {
  return { columns, currency, rows: rowsOf(lines) };
}

async function* rowsOf(lines: Lines): AsyncIterable<readonly Cell[]> {
  const totals = new Map<Method, number>();
  for await (const group of byDonor(lines)) {
    for (const line of group.filter((one) => keptOf(one) > 0)) {
      totals.set(line.method, (totals.get(line.method) ?? 0) + keptOf(line));
      yield rowOf(line);
    }
  }
  yield [];
  for (const [method, minor] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield totalOf('total-of', method, minor);
  }
  const cash = totals.get('cash') ?? 0;
  const all = [...totals.values()].reduce((sum, minor) => sum + minor, 0);
  yield [{ word: 'fundraising.list.total' }, ...none(6), all - cash, cash];
}

function rowOf(line: DonationLine): readonly Cell[] {
  const { identity } = line;
  return [
    line.id,
    line.donorId,
    nameOf(identity),
    addressOf(line),
    identity.nationality,
    line.givenOn,
    methodOf(line),
    ...split(line.method, keptOf(line)),
    line.receiptNumber,
    line.officialNumber,
  ];
}

function totalOf(word: string, method: Method, minor: number): readonly Cell[] {
  const name = { word: `fundraising.method.${method}` };
  return [{ word: `fundraising.list.${word}` }, ...none(5), name, ...split(method, minor)];
}

function split(method: Method, minor: number): [Cell, Cell] {
  return method === 'cash' ? [undefined, minor] : [minor, undefined];
}

const none = (count: number): undefined[] => Array(count).fill(undefined);
