// What an appeal for gifts must say: who receives, through whom, by which rules; what is published, what the tax office gives.
import type { Scope } from 'rostra/plugin';
import { sayMoney } from './money.ts';
import type { Recipient } from './recipient.sql.ts';
import type { Till } from './till.ts';

export interface Appeal {
  /** Who it goes to, through whom and by which rules: on the page itself. */
  mentions: string[];
  /** Told before anything is paid. */
  disclosure: string | undefined;
  /** How much one donor may give, where the mentions do not say it. */
  limit: string | undefined;
  tax: string | undefined;
}

/** By the recipient's law on that day. */
export function appealOf(scope: Scope, recipient: Recipient, till: Till, when: Date): Appeal {
  const at = { when };
  const wanted = scope.law.rule('money.appeal', at);
  const words = ['recipient', ...(wanted.value ?? [])];
  const mentions = [...new Set(words)].flatMap((word) => mention(scope, recipient, word, at));
  const isSaid = words.includes('gift_rules');
  return {
    ...{ mentions, disclosure: disclosureOf(scope, at), tax: taxOf(scope, recipient, at) },
    limit: isSaid ? undefined : limitOf(scope, till),
  };
}

/** One that has lapsed is kept until the next is known, and says so. */
function limitOf(scope: Scope, { cap }: Till): string | undefined {
  const { value, reasons, provisional } = cap;
  if (value?.minor == null) return undefined;
  const params = { cap: sayMoney(scope, value.minor, value.currency), span: value.per };
  const source = reasons[0]?.source ?? '';
  const limit = scope.t('fundraising.appeal.limit', { ...params, source });
  return provisional ? `${limit} ${scope.t('fundraising.appeal.provisional')}` : limit;
}

type At = { when: Date };

function mention(scope: Scope, recipient: Recipient, word: string, at: At): string[] {
  const { name, address, agent, collector } = recipient;
  const say = (params: Record<string, unknown>) => [
    scope.t(`fundraising.appeal.${word}`, { name, ...params }),
  ];
  if (word === 'recipient') return say({ address: address.replace(/\s*\n\s*/g, ', ') });
  if (word === 'agent') {
    if (!agent) return [];
    return say({ agent, collector: scope.t(`fundraising.collector.${collector}`) });
  }
  if (word !== 'gift_rules') return say({ agent: agent ?? '' });
  const cap =
    recipient.kind === 'candidate'
      ? scope.law.rule('money.cap.candidate', at)
      : scope.law.rule('money.cap.party', at);
  const cash = scope.law.rule('money.cash', at);
  const amountOf = (value?: { minor: number | null; currency: string }) =>
    value?.minor == null ? '' : sayMoney(scope, value.minor, value.currency);
  const params = { cap: amountOf(cap.value), cash: amountOf(cash.value) };
  const span = recipient.kind === 'candidate' ? 'election' : 'year';
  return say({ ...params, span, source: cap.reasons[0]?.source ?? '' });
}

function disclosureOf(scope: Scope, at: At): string | undefined {
  const { value, reasons } = scope.law.rule('money.disclose', at);
  if (value?.minor == null) return undefined;
  const source = reasons[0]?.source ?? '';
  if (value.minor === 0) return scope.t('fundraising.disclose.all', { source });
  const amount = sayMoney(scope, value.minor, value.currency);
  return scope.t('fundraising.disclose.above', { amount, source });
}

function taxOf(scope: Scope, { kind }: Recipient, at: At): string | undefined {
  const rate = scope.law.rule('money.tax.rate', at);
  if (rate.value === undefined) return undefined;
  const income = scope.law.rule('money.tax.income', at).value ?? 1;
  const household = scope.law.rule('money.tax.household', at).value;
  const currency = household?.currency ?? 'EUR';
  return scope.t('fundraising.tax', {
    ...{ rate: rate.value, income },
    cost: sayMoney(scope, Math.round(100_00 * (1 - rate.value)), currency),
    gift: sayMoney(scope, 100_00, currency),
    // The sum of a household is that of gifts to parties.
    most:
      household?.minor == null || kind === 'candidate'
        ? 'none'
        : sayMoney(scope, household.minor, currency),
    source: rate.reasons[0]?.source ?? '',
  });
}
