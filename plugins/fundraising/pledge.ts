// A gift at the till: judged by the law of its day, with room kept for it under the cap.
import { type Fault, invalid, notFound, refused, type Scope } from 'rostra/plugin';
import { findLooseBatch, lockBatch } from './batch.sql.ts';
import { actOf } from './day.ts';
import type { Deps } from './deps.ts';
import {
  type Donation,
  findDonationByKey,
  insertDonation,
  type NewDonation,
} from './donation.sql.ts';
import { sumGiven } from './donor.sql.ts';
import { type Giver, type LockedDonor, lockDonor, roomOf } from './donor.ts';
import type { Method } from './index.ts';
import { sayMoney } from './money.ts';
import type { Recipient } from './recipient.sql.ts';
import { mustVerify, returnDay, settleAccepted, settleHeld } from './settle.ts';
import {
  capFault,
  type Given,
  type Judgement,
  judge,
  type Offer,
  openTill,
  type Till,
  type TillFault,
} from './till.ts';

/** What comes with an offer that the law does not ask about. */
export interface Circumstances {
  source: 'page' | 'staff' | 'history';
  /** The same twice is one donation. */
  key: string;
  personId?: string | undefined;
  pageId?: string | undefined;
  fund?: string | undefined;
  tracking?: string | undefined;
  recruiterId?: string | undefined;
  batchId?: string | undefined;
  statementReference?: string | undefined;
  /** The words that were shown for what was attested. */
  attestedTexts?: { word: string; text: string }[];
}

/**
 * Judges the gift and keeps room for it under the cap until its money comes. Throws `invalid` with a fault a field when the
 * law, the window or the cap says no.
 */
export function pledge(
  scope: Scope,
  deps: Deps,
  recipient: Recipient,
  offer: Offer,
  around: Circumstances,
): Promise<Donation> {
  return take(scope, deps, recipient, offer, { around, state: 'pledged' });
}

/**
 * Of money that lies there: accepted when nothing stands against it. What may not be kept is `held` when `isIn` says that it
 * is on the account already, and goes back; else it is refused, as by `pledge`, and not taken to the bank.
 */
export async function record(
  scope: Scope,
  deps: Deps,
  recipient: Recipient,
  offer: Offer,
  around: Circumstances & { isIn?: boolean },
): Promise<Donation> {
  return take(scope, deps, recipient, offer, { around, state: 'accepted', isIn: around.isIn });
}

interface Taking {
  around: Circumstances;
  state: 'pledged' | 'accepted';
  isIn?: boolean | undefined;
}

function take(
  scope: Scope,
  deps: Deps,
  recipient: Recipient,
  offer: Offer,
  { around, state, isIn }: Taking,
): Promise<Donation> {
  return scope.write(async (own) => {
    const before = () => findDonationByKey(own, recipient.id, around.key);
    // What lies in a batch that is closed by now is there all the same.
    const batched = isBatched(offer, around) && (await before());
    if (batched) return batched;
    const batchId = await batchOf(own, recipient, offer, around);
    const till = openTill(own, recipient, actOf(offer.givenOn));
    const giver = { type: offer.donorType, identity: offer.identity, personId: around.personId };
    const donor = offer.isAnonymous ? undefined : await lockDonor(own, deps, giver);
    const given = await givenBefore(own, till, offer, donor);
    const judgement = judge(till, offer, given);
    const room = await roomFaults(own, till, offer, judgement, donor);
    const faults = [...judgement.faults, ...room];
    // The same again finds its own money in the way.
    const known = faults.length > 0 && (await before());
    if (known) return known;
    const isHistory = around.source === 'history';
    // Of what came before Rostra nothing lies here that could be held.
    if (faults.length > 0 && (!isIn || isHistory))
      throw invalid(faults.map((fault) => said(own, fault)));
    const [first] = faults;
    const when = actOf(offer.givenOn);
    const waits = state === 'accepted' && mustVerify(own, offer.amountMinor, when);
    const why = first ? wordOf(first) : waits && !isHistory ? 'verify' : undefined;
    const values = {
      ...rowOf(recipient, offer, { ...around, batchId }, judgement),
      ...{ donorId: donor?.id, state: why ? ('held' as const) : state, why },
      returnBy: why && (await returnDay(own, offer.givenOn)),
    };
    const made = await insertDonation(own, values);
    if (!made) return demand(await before());
    return follow(own, deps, { ...values, ...made, refundedMinor: 0 }, { giver, donor });
  });
}

/** What a new one brings with it. */
async function follow(
  scope: Scope,
  deps: Deps,
  made: Omit<Donation, 'personId' | 'donorType'>,
  { giver, donor }: { giver: Giver; donor: (LockedDonor & { type: string }) | undefined },
): Promise<Donation> {
  if (made.state === 'held') await settleHeld(scope, deps, made);
  const isAccepted = made.state === 'accepted';
  const whose = isAccepted ? await settleAccepted(scope, deps, made, giver, { donor }) : donor;
  return { ...made, donorId: whose?.id, personId: whose?.personId, donorType: donor?.type };
}

function demand(known: Donation | undefined): Donation {
  if (!known) throw notFound('donation');
  return known;
}

function isBatched({ method }: Offer, { batchId }: Circumstances): boolean {
  return batchId !== undefined || method === 'cheque' || method === 'cash';
}

/**
 * Locked, so that no gift slips into one that is being closed. Cheques and cash that come alone lie in a batch of their own
 * until they are taken to the bank: else they would stay in hand for ever.
 */
async function batchOf(
  scope: Scope,
  recipient: Recipient,
  { method }: Offer,
  { source, batchId }: Circumstances,
): Promise<string | undefined> {
  if (batchId) {
    const batch = await lockBatch(scope, batchId);
    if (batch?.recipientId !== recipient.id) throw notFound('batch', batchId);
    if (batch.closedAt) throw refused('fundraising.batch-closed', { batchId });
    if (batch.method === method) return batchId;
    throw invalid([{ path: '/method', message: 'fundraising.fault.batch-method' }]);
  }
  if (source !== 'staff' || (method !== 'cheque' && method !== 'cash')) return undefined;
  return findLooseBatch(scope, recipient.id, method);
}

/** Asked only where a rule of this gift adds up what came before. */
async function givenBefore(
  scope: Scope,
  { recipient, employer, cash }: Till,
  offer: Offer,
  donor: LockedDonor | undefined,
): Promise<Given> {
  const addsUp = employer.value?.minor != null || (offer.method === 'cash' && cash.value);
  if (!donor || donor.isNew || !addsUp) return { yearMinor: 0, cashMinor: 0 };
  const gave = { donorId: donor.id, recipientId: recipient.id, ...spanOf(recipient, offer) };
  return sumGiven(scope, gave);
}

/** Under the donor's lock, so what is free stays free to the end of the transaction. */
async function roomFaults(
  scope: Scope,
  till: Till,
  { amountMinor }: Offer,
  { cap, faults }: Judgement,
  donor: LockedDonor | undefined,
): Promise<TillFault[]> {
  // Of a new donor the whole cap is free, and the judgement held the gift against that.
  if (!cap || !donor || donor.isNew || faults.some(({ path }) => path === '/amount')) return [];
  const room = await roomOf(scope, { donorId: donor.id, capScope: cap.scope, capMinor: cap.minor });
  return amountMinor > room ? [capFault(till, cap, room)] : [];
}

function rowOf(
  recipient: Recipient,
  offer: Offer,
  around: Circumstances,
  { cap, reasons }: Judgement,
): Omit<NewDonation, 'donorId' | 'state' | 'why' | 'returnBy'> {
  const { amountMinor, givenOn, identity, attested } = offer;
  const {
    attestedTexts = attested.map((word) => ({ word, text: '' })),
    personId,
    ...rest
  } = around;
  const whence = { pageId: rest.pageId, fund: rest.fund, tracking: rest.tracking };
  return {
    ...whence,
    recipientId: recipient.id,
    currency: recipient.currency,
    ...{ amountMinor, givenOn, identity, source: rest.source, key: rest.key },
    method: offer.method as Method,
    recruiterId: rest.recruiterId,
    batchId: rest.batchId,
    statementReference: rest.statementReference,
    attested: attestedTexts,
    decision: reasons,
    capScope: cap?.scope,
    capMinor: cap?.minor,
  };
}

function spanOf({ election, opensOn, closesOn }: Recipient, { givenOn }: Offer) {
  const year = givenOn.slice(0, 4);
  const whole = { cashSince: opensOn ?? '0001-01-01', cashUntil: closesOn ?? '9999-12-31' };
  return {
    year,
    ...(election ? whole : { cashSince: `${year}-01-01`, cashUntil: `${year}-12-31` }),
  };
}

/** With its amounts as the reader writes them, and where it is written. */
export function said(scope: Scope, { path, message, params, reasons }: TillFault): Fault {
  const { minor, room, currency, ...rest } = params;
  const amounts = Object.entries({ amount: minor, room })
    .filter(([, value]) => typeof value === 'number')
    .map(([key, value]) => [key, sayMoney(scope, Number(value), String(currency))]);
  const source = reasons[0]?.source ?? '';
  return { path, message, params: { ...rest, ...Object.fromEntries(amounts), source } };
}

/** `fundraising.fault.cap` is kept as `cap`. */
function wordOf({ message }: TillFault): string {
  return message.replace('fundraising.fault.', '');
}
