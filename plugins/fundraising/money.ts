// Amounts as people write them, and as the database keeps them: whole numbers of the smallest unit.
import { formatMoney, type Scope } from 'rostra/plugin';

/** Larger than any gift, and far below where whole numbers stop being exact. */
const most = 1_000_000_000_00;

/** Digits behind the point of a currency: 2 of the euro, none of the yen. */
export function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** `1 234,50`, `1,234.50`, `€20`; `undefined` for what is no amount, negative, nothing, or finer than the currency. */
export function readMoney(typed: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const bare = typed.replace(/[\s\u00a0\u202f'’]/gu, '').replace(/^[\p{Sc}]|[\p{Sc}]$/gu, '');
  const found = /^(\d{1,3}(?:[.,]\d{3})*|\d+)(?:[.,](\d{1,4}))?$/.exec(bare);
  if (!found) return undefined;
  const [, whole = '', fraction = ''] = found;
  if (fraction.length > digits) return undefined;
  const minor = Number(whole.replace(/[.,]/g, '') + fraction.padEnd(digits, '0'));
  return minor > 0 && minor <= most ? minor : undefined;
}

/** As a form is filled with it: `1234.50`. */
export function writeMoney(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  return (minor / 10 ** digits).toFixed(digits);
}

export function sayMoney({ locale }: Scope, minor: number, currency: string): string {
  return formatMoney(locale, minor, currency);
}
