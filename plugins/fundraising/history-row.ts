// One row of a file of gifts from before, read by what its columns are: a gift, or why it is none.
import { createHash } from 'node:crypto';
import type { HistoryPlan } from './history.sql.ts';
import { type HistoryField, readMethod } from './history-fields.ts';
import type { Identity } from './identity.ts';
import type { Method } from './index.ts';
import { readMoney } from './money.ts';

export interface PastGift {
  /** The same again is known. */
  key: string;
  amountMinor: number;
  givenOn: string;
  method: Method;
  donorType: string;
  identity: Identity;
  reference: string | undefined;
  fund: string | undefined;
  tracking: string | undefined;
}
export interface Reading extends HistoryPlan {
  /** How many columns the file has. */
  width: number;
  currency: string;
  /** ISO date. */
  today: string;
}
type Cell = (field: HistoryField) => string | undefined;
const no = (reason: string) => ({ reason: `fundraising.history.fault.${reason}` });

/** The gift, or the reason, a key in the locales. */
export function readRow(
  cells: readonly string[],
  reading: Reading,
): { gift: PastGift; reason?: undefined } | { gift?: undefined; reason: string } {
  if (cells.length > reading.width) return no('cells');
  const cell = cellsOf(cells, reading.fields);
  if (cell('stopped')) return no('stopped');
  const currency = cell('currency')?.toUpperCase();
  if (currency && currency !== reading.currency) return no('currency');
  const amountMinor = amountIn(cell, reading.currency);
  if (amountMinor === undefined) return no('amount');
  const givenOn = dayIn(cell('givenOn'), reading.dateOrder);
  if (!givenOn) return no('day');
  if (givenOn > reading.today || givenOn < '1950-01-01') return no('day.range');
  const typed = cell('method');
  const method = typed ? readMethod(typed) : reading.method;
  if (!method) return no('method');
  if (method === 'in_kind') return no('in-kind');
  const identity = identityIn(cell);
  if (identity === 'email') return no('email');
  if (!identity.emailAddress && !identity.legalName && !identity.familyName) return no('nobody');
  const gift = { amountMinor, givenOn, method, identity, reference: cut(cell('reference'), 100) };
  const donorType = identity.legalName && !identity.familyName ? 'company' : 'natural_person';
  const whence = { fund: cut(cell('fund'), 100), tracking: cut(cell('tracking'), 100) };
  return { gift: { ...gift, ...whence, donorType, key: keyOf(cell('externalId'), gift) } };
}

/** Spreadsheets put an apostrophe before a number, so that its zeros stay. */
function cellsOf(cells: readonly string[], fields: readonly string[]): Cell {
  return (field) => {
    for (const [at, one] of fields.entries()) {
      const text = one === field ? (cells[at] ?? '').trim().replace(/^'(?=[=+\-@\d(])/, '') : '';
      if (text && !nothing.has(text.toLowerCase())) return text;
    }
    return undefined;
  };
}
const nothing = new Set(['n/a', 'null', 'none', '-', '--', '?', 'inconnu', 'unknown']);

function amountIn(cell: Cell, currency: string): number | undefined {
  const cents = cell('amountCents');
  if (cents) return /^[1-9]\d{0,12}$/.test(cents) ? Number(cents) : undefined;
  const bare = (cell('amount') ?? '').replace(new RegExp(`^${currency}|${currency}$`, 'i'), '');
  return readMoney(bare.trim(), currency);
}

/** As an ISO day; what could be no day is nothing. A time after it is left out. */
function dayIn(typed: string | undefined, order: 'day' | 'month'): string | undefined {
  const text = typed ?? '';
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const own = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)/.exec(text);
  if (!own) return undefined;
  const [one, two] = [Number(own[1]), Number(own[2])];
  const year = Number(own[3]) + (own[3]?.length === 2 ? 2000 : 0);
  return order === 'day' ? dayOf(year, two, one) : dayOf(year, one, two);
}

function dayOf(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}

function identityIn(cell: Cell): Identity | 'email' {
  const email = cell('email')?.toLowerCase();
  if (email && !/^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/.test(email)) return 'email';
  const whole = cell('fullName');
  // A whole name is parted at its first space: the rest is the family's.
  const [, given, family] = /^(\S+)\s+(.+)$/.exec(whole ?? '') ?? [];
  const country = cell('country')?.toUpperCase();
  const address = filled({
    line1: cut(cell('line1'), 200),
    postcode: cut(cell('postcode'), 20),
    locality: cut(cell('locality'), 100),
    country: country && /^[A-Z]{2}$/.test(country) ? country : undefined,
  });
  const isNamed = cell('givenName') || cell('familyName');
  return filled({
    legalName: cut(cell('legalName'), 200),
    givenName: cut(isNamed ? cell('givenName') : given, 100),
    familyName: cut(isNamed ? cell('familyName') : (family ?? whole), 100),
    emailAddress: cut(email, 254),
    employer: cut(cell('employer'), 100),
    occupation: cut(cell('occupation'), 100),
    address: Object.keys(address).length > 0 ? address : undefined,
  });
}

function filled<Shape extends object>(
  shape: Shape,
): { [K in keyof Shape]?: Exclude<Shape[K], undefined> } {
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== undefined),
  ) as never;
}

const cut = (text: string | undefined, most: number) => text?.slice(0, most);

/** By the other program's own number; else by all that makes it that gift. */
function keyOf(
  externalId: string | undefined,
  {
    givenOn,
    amountMinor,
    identity,
    reference,
  }: Pick<PastGift, 'givenOn' | 'amountMinor' | 'identity' | 'reference'>,
): string {
  if (externalId && externalId.length <= 60) return `history:id:${externalId}`;
  const { emailAddress, legalName, givenName, familyName } = identity;
  const names = emailAddress ?? [legalName, givenName, familyName].join(' ').toLowerCase();
  const told = JSON.stringify([externalId, givenOn, amountMinor, names, reference]);
  return `history:row:${createHash('sha256').update(told).digest('hex').slice(0, 40)}`;
}
