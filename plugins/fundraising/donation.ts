// The steps of a donation: accepted, held, refused, sent back; each once, each with its line in the ledger.
import { invalid, notFound, refused, type Scope } from 'rostra/plugin';
import { actOf, todayOf } from './day.ts';
import type { Deps } from './deps.ts';
import { type Donation, findDonation, lockDonation, updateDonation } from './donation.sql.ts';
import { meetAgain, roomOf } from './donor.ts';
import { sayMoney } from './money.ts';
import { type Back, enterBack, isEntered } from './refund-entry.ts';
import { mustVerify, returnDay, settleAccepted, settleHeld } from './settle.ts';

/** The money of one that was promised came: it is accepted, or held where the law wants the donor verified first. */
export async function arrive(scope: Scope, deps: Deps, id: string): Promise<Donation> {
  const { state, amountMinor, givenOn } = await demandDonation(scope, id);
  return state === 'pledged' && mustVerify(scope, amountMinor, actOf(givenOn))
    ? hold(scope, deps, id, 'verify')
    : accept(scope, deps, id);
}

/** The money of one that was promised, or held, is lawful and there. Again is nothing new. */
export function accept(scope: Scope, deps: Deps, id: string): Promise<Donation> {
  return step(scope, id, ['pledged', 'held'], async (own, donation) => {
    const wasHeld = donation.state === 'held';
    if (wasHeld) await demandKeepable(own, donation);
    await updateDonation(own, id, { state: 'accepted' });
    const { donorType = '', identity, personId } = donation;
    const giver = { type: donorType, identity, personId };
    const donor = await meetAgain(own, deps, giver, donation.donorId);
    const kept = { ...donation, amountMinor: donation.amountMinor - donation.refundedMinor };
    await settleAccepted(own, deps, kept, giver, { donor, wasHeld });
  });
}

/**
 * Money came that may not be kept, or not yet: it waits for the treasurer and goes back by the law's day. `cameMinor` where
 * it is another amount than was promised; also of one that was given up before.
 */
export function hold(
  scope: Scope,
  deps: Deps,
  id: string,
  why: string,
  cameMinor?: number,
): Promise<Donation> {
  return step(scope, id, ['pledged', 'refused'], async (own, donation) => {
    const returnBy = await returnDay(own, todayOf(own));
    const amountMinor = cameMinor ?? donation.amountMinor;
    await updateDonation(own, id, { state: 'held', why, returnBy, amountMinor });
    await settleHeld(own, deps, { ...donation, amountMinor });
  });
}

/** No money came: its room under the cap is free again. */
export function refuse(scope: Scope, id: string, why: string): Promise<Donation> {
  return step(scope, id, ['pledged'], (own) => updateDonation(own, id, { state: 'refused', why }));
}

/**
 * Money went back to the donor, a part or all of it. `reference` is of this refund: the same again is nothing new. Of a
 * donation that was held, all of it goes. Refused (`fundraising.before-books`) of a gift from before: no ledger has its money.
 */
export function giveBack(scope: Scope, deps: Deps, id: string, back: Back): Promise<Donation> {
  return step(scope, id, ['accepted', 'held'], async (own, donation) => {
    if (donation.source === 'history')
      throw refused('fundraising.before-books', { donationId: id });
    if (await isEntered(own, id, back.reference)) return;
    demandLeft(own, donation, back.amountMinor);
    await enterBack(own, deps, donation, back);
  });
}

export async function demandDonation(scope: Scope, id: string): Promise<Donation> {
  const found = await findDonation(scope, id);
  if (!found) throw notFound('donation', id);
  return found;
}

/** One that is past that step is left as it is. */
function step(
  scope: Scope,
  id: string,
  from: readonly Donation['state'][],
  lead: (own: Scope, donation: Donation) => Promise<void>,
): Promise<Donation> {
  return scope.write(async (own) => {
    const donation = await lockDonation(own, id);
    if (!donation) throw notFound('donation', id);
    if (!from.includes(donation.state)) return donation;
    await lead(own, donation);
    return demandDonation(own, id);
  });
}

/** Of one that is held all goes back at once; of another no more than is left. */
function demandLeft(scope: Scope, donation: Donation, backMinor: number): void {
  const { amountMinor, refundedMinor, currency, state } = donation;
  const left = amountMinor - refundedMinor;
  if (backMinor > 0 && backMinor <= left && (state !== 'held' || backMinor === left)) return;
  const params = { room: sayMoney(scope, left, currency) };
  throw invalid([{ path: '/amount', message: 'fundraising.fault.back', params }]);
}

/** What may be mended by looking closer, or by waiting; any other money goes back. */
const keepable = ['verify', 'cap', 'amount-differs', 'came-late', 'region'];

/** Of one that was held: it must be lawful by now, and others may have taken the room since. */
async function demandKeepable(scope: Scope, donation: Donation): Promise<void> {
  if (!keepable.includes(donation.why ?? '')) {
    throw refused('fundraising.not-keepable', { donationId: donation.id });
  }
  const room = await roomOf(scope, donation);
  if (donation.amountMinor - donation.refundedMinor <= room) return;
  const say = (minor: number) => sayMoney(scope, minor, donation.currency);
  const params = { amount: say(donation.capMinor ?? 0), room: say(Math.max(0, room)), source: '' };
  throw invalid([{ path: '/amount', message: 'fundraising.fault.cap', params }]);
}
