// What a receipt says, before it is set on paper: facts by their names, amounts in figures and in words, and the law's own sentences.
import { dayOf, type Scope } from 'rostra/plugin';
import { nameOf } from './identity.ts';
import type { DonationLine } from './line.ts';
import { digitsOf, sayMoney } from './money.ts';
import type { ReceiptRow } from './receipt.sql.ts';

export interface ReceiptWords {
  title: string;
  number: string;
  party: string;
  /** Those who got the money: name, agent, address, number. */
  issuer: Block;
  donor: Block;
  facts: { label: string; text: string }[];
  /** What the law wanted said on it; the first in a frame. */
  law: string[];
  /** In large letters across the page. */
  mark: string | undefined;
  /** Why it does not hold, or no longer for all of it. */
  stale: string | undefined;
}
interface Block {
  caption: string;
  lines: string[];
}

export async function receiptWords(
  scope: Scope,
  receipt: ReceiptRow,
  gift: DonationLine,
): Promise<ReceiptWords> {
  const { kind } = receipt;
  const isCancelling = kind === 'cancellation';
  return {
    title: isCancelling
      ? scope.t('fundraising.receipt.title.cancellation', { number: receipt.cancels })
      : scope.t('fundraising.receipt.kind.receipt'),
    number: scope.t('fundraising.receipt.number-is', { number: receipt.label }),
    party: receipt.issuer.party,
    issuer: {
      caption: scope.t('fundraising.receipt.recipient'),
      lines: issuerLines(scope, receipt),
    },
    donor: { caption: scope.t('fundraising.receipt.donor'), lines: donorLines(scope, gift) },
    facts: await factsOf(scope, receipt, gift),
    law: receipt.issuer.notices.map((word) => scope.t(`fundraising.receipt.notice.${word}`)),
    mark: markOf(scope, receipt),
    stale: staleness(scope, receipt),
  };
}

function issuerLines(scope: Scope, { issuer }: ReceiptRow): string[] {
  const { name, agent, election, address, registerNumber } = issuer;
  return [
    name,
    agent && scope.t('fundraising.receipt.through', { agent }),
    election && scope.t('fundraising.receipt.election', { election }),
    ...address.split(/\r?\n/),
    registerNumber && scope.t('fundraising.receipt.register-number', { number: registerNumber }),
  ].filter((line): line is string => Boolean(line));
}

function markOf(scope: Scope, { isTest, voidedAt }: ReceiptRow): string | undefined {
  if (isTest) return scope.t('fundraising.receipt.mark.test');
  return voidedAt && scope.t('fundraising.receipt.mark.voided');
}

function staleness(scope: Scope, receipt: ReceiptRow): string | undefined {
  const { voidedAt, voidWhy: why, cancelledBy } = receipt;
  if (voidedAt) {
    const day = longDay(scope, dayOf(voidedAt, scope.organization.timeZone));
    return scope.t('fundraising.receipt.voided', { day, why });
  }
  return cancelledBy && scope.t('fundraising.receipt.cancelled-by', { numbers: cancelledBy });
}

function donorLines({ locale }: Scope, { identity }: DonationLine): string[] {
  const { address = {} } = identity;
  const place = [address.postcode, address.locality].filter(Boolean).join(' ');
  const lines = [nameOf(identity), address.line1, address.line2, place, address.region];
  const country = countryName(locale, address.country);
  return [...lines, country].filter((line): line is string => Boolean(line));
}

function countryName(locale: string, code = ''): string | undefined {
  const isCode = /^[A-Z]{2}$/.test(code);
  return isCode ? new Intl.DisplayNames(locale, { type: 'region' }).of(code) : code;
}

async function factsOf(scope: Scope, receipt: ReceiptRow, gift: DonationLine) {
  const { amountMinor, currency } = receipt;
  const fact = (name: string, text: string | undefined) =>
    text ? [{ label: scope.t(`fundraising.receipt.fact.${name}`), text }] : [];
  const isBack = receipt.kind === 'cancellation';
  return [
    ...fact(isBack ? 'amount-back' : 'amount', sayMoney(scope, amountMinor, currency)),
    ...fact('in-words', await inWords(scope, amountMinor, currency)),
    ...fact('given-on', longDay(scope, gift.givenOn)),
    ...fact('method', scope.t(`fundraising.method.${gift.method}`)),
    ...fact('official', gift.officialNumber),
    ...fact('issued-on', longDay(scope, receipt.issuedOn)),
  ];
}

const speakers = {
  en: () => import('n2words/en-US'),
  fr: () => import('n2words/fr-FR'),
};
/** From here on French wants a preposition, and nobody reads the words. */
const most = 1_000_000;

/** `twelve euros and 50/100`, as on a cheque; `undefined` in other languages, and of very large amounts. */
export async function inWords(
  scope: Scope,
  minor: number,
  currency: string,
): Promise<string | undefined> {
  const speak = speakers[scope.locale.slice(0, 2) as keyof typeof speakers];
  const of = 10 ** digitsOf(currency);
  const whole = Math.floor(minor / of);
  if (!speak || whole >= most) return undefined;
  const { toCardinal } = await speak();
  const style = { style: 'currency', currency, currencyDisplay: 'name' } as const;
  const parts = new Intl.NumberFormat(scope.locale, style).formatToParts(whole);
  return scope.t('fundraising.receipt.words', {
    whole: toCardinal(whole),
    currency: parts.find(({ type }) => type === 'currency')?.value ?? currency,
    rest: minor % of,
    of: String(of),
  });
}

function longDay({ locale }: Scope, day: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}
