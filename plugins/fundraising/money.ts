// Amounts as people write them, and as the database keeps them: whole numbers of the smallest unit.
import { formatMoney, type Scope } from 'rostra/plugin';

/** Larger than any gift, and far below where whole numbers stop being exact. */
const most = 1_000_000_000_00;

/** Digits behind the point of a currency: 2 of the euro, none of the yen. */
export function digitsOf(currency: string): number {
  const known = digitsBy.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const found = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsBy.set(currency, found);
  return found;
}

/** Kept: to make a format takes longer than to ask it a thousand times. */
const digitsBy = new Map<string, number>();

/** `1 234,50`, `1,234.50`, `€20`; `undefined` for what is no amount, negative, nothing, or finer than the currency. */
export function readMoney(typed: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const bare = typed.replace(/[\s\u00a0\u202f'’]/gu, '').replace(/^[\p{Sc}]|[\p{Sc}]$/gu, '');
  // Of a currency with thousandths, `1.500` is what others write as 1.50.
  const ways = digits > 2 ? [pointOf, wholeOf] : [wholeOf, pointOf];
  const found = ways.map((read) => read(bare)).find((read) => read !== undefined);
  if (!found) return undefined;
  const [whole, fraction] = found;
  if (fraction.length > digits) return undefined;
  const minor = Number(whole + fraction.padEnd(digits, '0'));
  return minor > 0 && minor <= most ? minor : undefined;
}

type Digits = [whole: string, fraction: string];

/** Without a point: `1234`, or in thousands by one mark, `1.234.567`. `0.500` is a point. */
function wholeOf(bare: string): Digits | undefined {
  const isWhole = /^(?:\d+|[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*)$/.test(bare);
  return isWhole ? [bare.replace(/[.,]/g, ''), ''] : undefined;
}

/** With a point, which is another mark than that of thousands. */
function pointOf(bare: string): Digits | undefined {
  const found =
    /^(\d+|[1-9]\d{0,2}(?:,\d{3})+(?=\.)|[1-9]\d{0,2}(?:\.\d{3})+(?=,))[.,](\d{1,4})$/.exec(bare);
  const [, whole = '', fraction = ''] = found ?? [];
  return found ? [whole.replace(/[.,]/g, ''), fraction] : undefined;
}

/** As the reader types it into a form: `1234,50` in French. */
export function typeMoney(
  { locale }: Pick<Scope, 'locale'>,
  minor: number,
  currency: string,
): string {
  const digits = digitsOf(currency);
  const format = { minimumFractionDigits: digits, useGrouping: false, numberingSystem: 'latn' };
  return new Intl.NumberFormat(locale, format).format(minor / 10 ** digits);
}

/** As an address carries it, and a form that is filled by hand in no language: `1234.50`. */
export function writeMoney(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  return (minor / 10 ** digits).toFixed(digits);
}

export function sayMoney({ locale }: Scope, minor: number, currency: string): string {
  return formatMoney(locale, minor, currency);
}
