// A payout held against the law of its day: whole, without delay, to the recipient's own bank account.
import { type Citation, notFound, type Scope } from 'rostra/plugin';
import { actOf } from './day.ts';
import type { Deps } from './deps.ts';
import type { PayoutState } from './index.ts';
import { demandOffice } from './office.ts';
import {
  type DifferingPayout,
  findDifferingPayouts,
  notePayoutSeen,
  sumKept,
  sumLeftBehind,
} from './payout.sql.ts';
import type { Recipient } from './recipient.sql.ts';

export type Difference = 'own_account' | 'in_full' | 'without_delay';

/**
 * What the law wants of the payout and it is not. How long money may lie at a provider is the time of `money.forward`; where
 * the law names none, no delay can be told.
 */
export async function differencesOf(
  scope: Scope,
  { id, bankAccount }: Recipient,
  { arrivesOn, bank, reference }: PayoutState,
): Promise<Difference[]> {
  const { payout, forward } = rulesOf(scope, arrivesOn);
  const wanted = payout.value ?? [];
  if (wanted.length === 0) return [];
  const gone = { recipientId: id, arrivesOn, reference };
  const isWhole = !wanted.includes('in_full') || (await sumKept(scope, gone)) === 0;
  const isInTime =
    !wanted.includes('without_delay') ||
    forward.value === undefined ||
    (await sumLeftBehind(scope, { ...gone, length: forward.value })) <= 0;
  const isOwn = !bank || !bankAccount || bankAccount.replace(/\W/g, '').endsWith(bank);
  return [
    ...(isOwn ? [] : (['own_account'] as const)),
    ...(isWhole ? [] : (['in_full'] as const)),
    ...(isInTime ? [] : (['without_delay'] as const)),
  ];
}

/** Those that nobody of the office has looked into yet, with where it is written what they should be. */
export async function differingPayouts(
  scope: Scope,
  recipientId: string,
): Promise<(DifferingPayout & { sources: string[]; houseDays: number | undefined })[]> {
  const found = await findDifferingPayouts(scope, recipientId);
  return found.map((one) => {
    const { payout, forward } = rulesOf(scope, one.arrivesOn);
    const isLate = one.differs.includes('without_delay');
    const reasons: Citation[] = [...payout.reasons, ...(isLate ? forward.reasons : [])];
    const houseDays = isLate ? houseDaysOf(forward) : undefined;
    return { ...one, sources: [...new Set(reasons.map(({ source }) => source))], houseDays };
  });
}

/** Where no text says how long, it is Rostra's or the party's own choice, and is told as that. */
function houseDaysOf({ value, reasons }: ReturnType<typeof rulesOf>['forward']) {
  const [, days] = /^P(\d+)D$/.exec(value ?? '') ?? [];
  return days && reasons[0]?.basis === 'house' ? Number(days) : undefined;
}

/** Somebody of the office looked into it: it waits no longer. */
export function seePayout(
  scope: Scope,
  deps: Pick<Deps, 'audit'>,
  recipientId: string,
  id: string,
): Promise<void> {
  return scope.write(async (own) => {
    await demandOffice(own, recipientId, 'record');
    const author = own.actor.kind === 'staff' ? own.actor.name : own.actor.kind;
    const isKnown = /^[1-9]\d{0,17}$/.test(id);
    const reference = isKnown && (await notePayoutSeen(own, { recipientId, id, author }));
    if (!reference) throw notFound('payout', id);
    const subject = { type: 'recipient', id: recipientId };
    await deps.audit.record(own, { act: 'payout.seen', subject, details: { payout: reference } });
  });
}

function rulesOf({ law }: Scope, day: string) {
  const at = { when: actOf(day) };
  return { payout: law.rule('money.payout', at), forward: law.rule('money.forward', at) };
}
