// What follows once money is there: the donor is a person of the file, the ledger has its line, others hear of it.
import type { Scope } from 'rostra/plugin';
import { actOf } from './day.ts';
import type { Deps } from './deps.ts';
import { addLength, type Donation, updateDonation } from './donation.sql.ts';
import { type Giver, type LockedDonor, makePerson, type Whose } from './donor.ts';
import type { Method } from './index.ts';
import { findEntriesOf, insertEntry, type LedgerAccount } from './ledger.sql.ts';
import { issueReceipt } from './receipt.ts';

/** What there is to know of a gift whose money is there. */
export type MoneyIn = Pick<
  Donation,
  'id' | 'recipientId' | 'source' | 'method' | 'amountMinor' | 'currency' | 'givenOn' | 'pageId'
>;

/** Answers whose gift it is after that: two donors may have turned out to be one. */
export async function settleAccepted(
  scope: Scope,
  deps: Deps,
  donation: MoneyIn,
  giver: Giver,
  { donor, wasHeld = false }: { donor: LockedDonor | undefined; wasHeld?: boolean },
): Promise<Whose | undefined> {
  const { id, source } = donation;
  const whose = donor && (await makePerson(scope, deps, giver, donor));
  if (whose && whose.id !== donor?.id) {
    await updateDonation(scope, id, { state: 'accepted', donorId: whose.id });
  }
  if (source !== 'history') await enterAccepted(scope, deps, donation, wasHeld);
  return whose;
}

async function enterAccepted(
  scope: Scope,
  deps: Deps,
  donation: MoneyIn,
  wasHeld: boolean,
): Promise<void> {
  const { id } = donation;
  await insertEntry(scope, {
    ...lineOf(donation),
    reference: await referenceOf(scope, id, wasHeld),
    kind: 'donation',
    postings: {
      [wasHeld ? 'held' : accountFor(donation.method)]: donation.amountMinor,
      donations: -donation.amountMinor,
    },
  });
  await deps.events.emit(scope, 'fundraising.donation.accepted', { donationId: id });
  // Only its own page shows what came in; the site's version is one row, at which gifts would queue.
  if (donation.pageId) await deps.cache.drop(scope);
  // Last, for the series is locked until this gift is committed.
  await issueReceipt(scope, donation);
}

export async function settleHeld(scope: Scope, deps: Deps, donation: MoneyIn): Promise<void> {
  await insertEntry(scope, {
    ...lineOf(donation),
    kind: 'held',
    postings: {
      [accountFor(donation.method)]: donation.amountMinor,
      held: -donation.amountMinor,
    },
  });
  await deps.events.emit(scope, 'fundraising.donation.held', { donationId: donation.id });
}

/** One that was accepted before, went back and came back, is accepted again by a line of its own. */
async function referenceOf(scope: Scope, id: string, wasHeld: boolean): Promise<string> {
  const before = wasHeld ? await findEntriesOf(scope, id) : [];
  const times = before.filter(({ kind }) => kind === 'donation').length;
  return times === 0 ? id : `${id}:${times + 1}`;
}

function lineOf({ id, recipientId, givenOn }: MoneyIn) {
  return { recipientId, donationId: id, reference: id, day: givenOn };
}

/** In which account of the ledger money of this kind lies before the bank has it. */
export function accountFor(method: Method): LedgerAccount {
  const accounts = { cash: 'cash', cheque: 'cheques', transfer: 'bank' } as const;
  return method in accounts ? accounts[method as keyof typeof accounts] : 'provider';
}

/** What is below the threshold is no donation in the law's sense, and nobody need be verified. */
export function mustVerify({ law }: Scope, amountMinor: number, when: Date): boolean {
  const counts = law.rule('money.counts_above', { when }).value?.minor ?? 0;
  return law.rule('money.verify', { when }).value !== undefined && amountMinor > counts;
}

/** By the law's own length of time, else at once. */
export async function returnDay(scope: Scope, day: string): Promise<string> {
  const when = actOf(day);
  const verify = scope.law.rule('money.verify', { when }).value;
  // The time in which a donor is verified begins with the day itself (PPERA 2000, s. 56(2)).
  if (verify) return addLength(scope, dayBefore(day), verify);
  const refund = scope.law.rule('money.refund', { when }).value;
  return refund ? addLength(scope, day, refund) : day;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 24 * 3600_000).toISOString().slice(0, 10);
}
