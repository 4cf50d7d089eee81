// Money that went back to a donor, or came back from there: its line in the ledger, and how the gift stands after it.
import { type Scope } from 'rostra/plugin';
import { todayOf } from './day.ts';
import type { Deps } from './deps.ts';
import { type Donation, type DonationStep, updateDonation } from './donation.sql.ts';
import { roomOf } from './donor.ts';
import { type Entry, findEntriesOf, insertEntry, type LedgerAccount } from './ledger.sql.ts';
import { cancelReceipt, issueReceipt } from './receipt.ts';
import { returnDay } from './settle.ts';

export interface Back {
  /** Of this one refund or dispute: the same again is nothing new. */
  reference: string;
  amountMinor: number;
  account: LedgerAccount;
}

/**
 * Of a donation that is locked. The money is gone, so it is entered whatever the gift says: what finds no room in it any
 * more is a loss. Of one that is held the rest stays held. Answers whether it is new.
 */
export async function enterBack(
  scope: Scope,
  deps: Deps,
  donation: Donation,
  { reference, amountMinor, account }: Back,
): Promise<boolean> {
  const { id, state } = donation;
  if (await isEntered(scope, id, reference)) return false;
  const isHeld = state === 'held';
  const partMinor = Math.min(amountMinor, keptOf(donation));
  const isNew = await insertEntry(scope, {
    ...lineOf(scope, donation, reference),
    kind: isHeld ? 'returned' : 'refund',
    postings: {
      [isHeld ? 'held' : 'donations']: partMinor,
      losses: amountMinor - partMinor,
      [account]: -amountMinor,
    },
  });
  if (!isNew || partMinor === 0) return isNew;
  const refundedMinor = donation.refundedMinor + partMinor;
  const step: DonationStep =
    refundedMinor === donation.amountMinor
      ? { state: 'refunded', why: donation.why }
      : { state, why: donation.why, returnBy: donation.returnBy };
  await updateDonation(scope, id, { ...step, refundedMinor });
  if (!isHeld) await cancelReceipt(scope, donation, partMinor);
  await deps.events.emit(scope, 'fundraising.donation.refunded', {
    ...{ donationId: id, amountMinor: partMinor },
  });
  if (donation.pageId) await deps.cache.drop(scope);
  return true;
}

/**
 * What had gone came back: a refund failed because the donor's card was closed, or a dispute that was lost was won after
 * all. The gift stands again; where its room under the cap was given anew it is held. Of a donation that is locked.
 */
export async function enterFailed(
  scope: Scope,
  deps: Deps,
  donation: Donation,
  reference: string,
): Promise<void> {
  const entries = await findEntriesOf(scope, donation.id);
  const gone = backOf(entries, reference);
  if (!gone) return;
  const { donations = 0, held = 0, ...others } = gone.postings;
  const came = Object.fromEntries(Object.entries(others).map(([name, minor]) => [name, -minor]));
  const partMinor = donations + held;
  const wasAccepted = entries.some(({ kind }) => kind === 'donation');
  const isOver = wasAccepted && partMinor > (await roomOf(scope, donation));
  const isHeld = donation.state === 'held' || !wasAccepted || isOver;
  // One that stood in part is held whole: nobody can say which half of it is lawful.
  const stoodMinor = isHeld && donation.state === 'accepted' ? keptOf(donation) : 0;
  const isNew = await insertEntry(scope, {
    ...lineOf(scope, donation, `${reference}:failed`),
    kind: gone.kind,
    postings: isHeld
      ? { ...came, held: -partMinor - stoodMinor, donations: stoodMinor }
      : { ...came, donations: -partMinor },
  });
  if (!isNew || partMinor === 0) return;
  const refundedMinor = donation.refundedMinor - partMinor;
  if (!isHeld) return standAgain(scope, deps, donation, refundedMinor);
  const today = todayOf(scope);
  await updateDonation(scope, donation.id, {
    ...{ state: 'held', why: isOver ? 'cap' : donation.why, refundedMinor },
    returnBy: donation.returnBy ?? (await returnDay(scope, today)),
  });
  if (stoodMinor > 0) await cancelReceipt(scope, donation, stoodMinor);
  if (donation.state !== 'held') {
    await deps.events.emit(scope, 'fundraising.donation.held', { donationId: donation.id });
  }
  if (donation.pageId) await deps.cache.drop(scope);
}

async function standAgain(
  scope: Scope,
  deps: Deps,
  donation: Donation,
  refundedMinor: number,
): Promise<void> {
  await updateDonation(scope, donation.id, { state: 'accepted', refundedMinor });
  if (donation.pageId) await deps.cache.drop(scope);
  await issueReceipt(scope, { ...donation, amountMinor: donation.amountMinor - refundedMinor });
}

/** Whether a refund or dispute of that reference stands in the gift's ledger. */
export async function isEntered(scope: Scope, donationId: string, reference: string) {
  return backOf(await findEntriesOf(scope, donationId), reference) !== undefined;
}

/** What of it is still here. */
function keptOf({ state, amountMinor, refundedMinor }: Donation): number {
  return state === 'accepted' || state === 'held' ? amountMinor - refundedMinor : 0;
}

function backOf(entries: readonly Entry[], reference: string): Entry | undefined {
  return entries.find(
    (entry) =>
      entry.reference === reference && (entry.kind === 'refund' || entry.kind === 'returned'),
  );
}

function lineOf(scope: Scope, { id, recipientId }: Donation, reference: string) {
  const day = todayOf(scope);
  return { recipientId, donationId: id, reference, day };
}
