// Invented gifts into the books, each on its own day: by the ledger's own verbs, but no donor is thanked and nobody hears of it.
import type { Scope } from 'rostra/plugin';
import { insertBatch } from '../batch.sql.ts';
import { actOf, todayOf } from '../day.ts';
import { type Donation, findDonation, insertDonation, updateDonation } from '../donation.sql.ts';
import { lockPersonDonor } from '../donor.sql.ts';
import { insertEntry } from '../ledger.sql.ts';
import { demandOffice } from '../office.ts';
import { cancelReceipt, issueReceipt } from '../receipt.ts';
import type { Recipient } from '../recipient.sql.ts';
import { insertRefund, updateRefund } from '../refund.sql.ts';
import { accountFor, returnDay } from '../settle.ts';
import { type Judgement, judge, type Offer, openTill } from '../till.ts';
import { closeBatchOn } from './demo.sql.ts';
import type { InventedGift, Words } from './invent.ts';

export interface Books {
  scope: Scope;
  recipient: Recipient;
  words: Words;
  pageId: string | undefined;
  /** Of gifts so far. */
  count: number;
}

export async function openBooks(
  scope: Scope,
  recipientId: string,
  more: Pick<Books, 'words' | 'pageId'>,
): Promise<Books> {
  const recipient = await demandOffice(scope, recipientId, 'read');
  return { scope, recipient, ...more, count: 0 };
}

/** What a provider would keep of each. */
const feeOf = (minor: number): number => Math.round(minor * 0.015) + 25;

/** Month by month: cheques are taken to the bank on its last day, and what the provider has is paid out; but for this month. */
export async function enterYear(books: Books, gifts: readonly InventedGift[]): Promise<void> {
  const lawful = gifts.filter((gift) => judgeGift(books, gift).faults.length === 0);
  const running = todayOf(books.scope).slice(0, 7);
  for (const month of new Set(lawful.map(({ day }) => day.slice(0, 7)))) {
    const all = lawful.filter(({ day }) => day.startsWith(month));
    const cheques = all.filter(({ method }) => method === 'cheque');
    const batchId = cheques.length > 0 ? await openBatch(books, month, cheques) : undefined;
    for (const gift of all) await enterGift(books, gift, batchId);
    if (month === running) continue;
    if (batchId) await depositBatch(books, month, { batchId, minor: sumOf(cheques) });
    const paid = all.filter(({ isOnPage }) => isOnPage);
    await payOut(books, month, paid);
  }
}

const sumOf = (gifts: readonly InventedGift[]): number =>
  gifts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** One over the cap that waits for the treasurer, and one that went back. */
export async function enterWaiting(books: Books, gifts: readonly InventedGift[]): Promise<void> {
  const { scope } = books;
  const [first] = gifts;
  const back = gifts.findLast(({ method }) => method === 'card');
  if (!first) return;
  const day = todayOf(scope);
  const capMinor = judgeGift(books, first).cap?.minor ?? 1_000_000;
  const large = { ...first, day, method: 'transfer' as const, isOnPage: false };
  await enterGift(books, { ...large, amountMinor: Math.floor(capMinor * 0.8) });
  await holdGift(books, { ...large, amountMinor: Math.floor(capMinor * 0.3) });
  if (back) await sendBack(books, back);
}

/** By the law of its day, as if nothing had been given before. */
function judgeGift({ scope, recipient }: Books, gift: InventedGift): Judgement {
  const till = openTill(scope, recipient, actOf(gift.day));
  return judge(till, offerOf(gift), { yearMinor: 0, cashMinor: 0 });
}

/** As the bank, the cheque or the page brought it. */
async function enterGift(
  books: Books,
  gift: InventedGift,
  batchId?: string,
): Promise<Donation | undefined> {
  const scope = on(books.scope, gift.day);
  const made = await insertGift(scope, books, gift, { state: 'accepted', batchId });
  if (!made) return undefined;
  const { id, recipientId, amountMinor } = made;
  const account = accountFor(gift.method);
  await insertEntry(scope, {
    ...{ recipientId, donationId: id, kind: 'donation', reference: id, day: gift.day },
    postings: { [account]: amountMinor, donations: -amountMinor },
  });
  if (account === 'provider') {
    const fees = feeOf(amountMinor);
    await insertEntry(scope, {
      ...{ recipientId, donationId: id, kind: 'fee', reference: `demo-${id}`, day: gift.day },
      postings: { fees, provider: -fees },
    });
  }
  await issueReceipt(scope, made);
  return made;
}

async function holdGift(books: Books, gift: InventedGift): Promise<void> {
  const scope = on(books.scope, gift.day);
  const returnBy = await returnDay(books.scope, gift.day);
  const made = await insertGift(scope, books, gift, { state: 'held', why: 'cap', returnBy });
  if (!made) return;
  await insertEntry(scope, {
    ...{ recipientId: made.recipientId, donationId: made.id, kind: 'held' },
    ...{ reference: made.id, day: gift.day },
    postings: { bank: made.amountMinor, held: -made.amountMinor },
  });
}

async function insertGift(
  scope: Scope,
  books: Books,
  gift: InventedGift,
  more: {
    state: 'accepted' | 'held';
    why?: string;
    returnBy?: string;
    batchId?: string | undefined;
  },
): Promise<Donation | undefined> {
  const { person, identity, day, amountMinor, method, isOnPage } = gift;
  const { cap, reasons } = judgeGift(books, gift);
  books.count += 1;
  const { recipient, pageId, words, count } = books;
  const donor = await lockPersonDonor(scope, person.id);
  const isHere = isOnPage && pageId !== undefined;
  const made = await insertDonation(scope, {
    ...{ recipientId: recipient.id, donorId: donor.id, currency: recipient.currency },
    ...{ amountMinor, method, identity, givenOn: day, key: `demo-gift-${count}` },
    ...{ source: isHere ? 'page' : 'staff', pageId: isHere ? pageId : undefined },
    fund: isHere ? words.page.fund : undefined,
    tracking: isHere ? words.tracking[count % (words.tracking.length + 1)] : undefined,
    ...{ recruiterId: undefined, attested: [], decision: reasons },
    ...{ capScope: cap?.scope, capMinor: cap?.minor },
    statementReference: method === 'transfer' ? `VIR ${day.slice(2)} ${count}` : undefined,
    ...{
      why: more.why,
      returnBy: more.returnBy,
      batchId: method === 'cheque' ? more.batchId : undefined,
    },
    state: more.state,
  });
  return made && findDonation(scope, made.id);
}

function offerOf(gift: Pick<InventedGift, 'identity' | 'day' | 'amountMinor' | 'method'>): Offer {
  const { identity, day, amountMinor, method } = gift;
  return {
    ...{ amountMinor, givenOn: day, identity, donorType: 'natural_person', isAnonymous: false },
    // Of a card the page would have had the donor's word.
    method: method === 'cheque' ? method : 'transfer',
    ...{ qualities: ['nationality:FR', 'residence:FR', 'citizen'], excluded: [] },
    attested: ['natural_person', 'own_funds', 'not_company_card', 'citizen_or_resident'].concat(
      ...['within_all_party_cap', 'citizen_or_permanent_resident', 'not_federal_contractor'],
    ),
  };
}

async function openBatch(
  { scope, recipient }: Books,
  month: string,
  cheques: readonly InventedGift[],
): Promise<string> {
  return insertBatch(on(scope, `${month}-01`), recipient.id, {
    ...{ method: 'cheque', depositSlip: `R-${month}`, statementReference: undefined },
    ...{ depositedOn: undefined, declaredMinor: sumOf(cheques) },
  });
}

async function depositBatch(
  { scope, recipient }: Books,
  month: string,
  { batchId, minor }: { batchId: string; minor: number },
): Promise<void> {
  const day = lastOf(month);
  await closeBatchOn(scope, batchId, day);
  await insertEntry(on(scope, day), {
    ...{ recipientId: recipient.id, kind: 'deposit', reference: batchId, day },
    postings: { bank: minor, cheques: -minor },
  });
}

async function payOut(
  { scope, recipient }: Books,
  month: string,
  all: readonly InventedGift[],
): Promise<void> {
  const minor = all.reduce((sum, { amountMinor }) => sum + amountMinor - feeOf(amountMinor), 0);
  if (minor === 0) return;
  const day = lastOf(month);
  await insertEntry(on(scope, day), {
    ...{ recipientId: recipient.id, kind: 'payout', reference: `demo-${month}`, day },
    postings: { bank: minor, provider: -minor },
  });
}

/** The donor asked for it, and had it by transfer. */
async function sendBack(books: Books, gift: InventedGift): Promise<void> {
  const day = todayOf(books.scope);
  const scope = on(books.scope, day);
  const donation = await enterGift(books, { ...gift, day, method: 'transfer', isOnPage: false });
  if (!donation) return;
  const { id, recipientId, amountMinor } = donation;
  const reference = `${id}: VIR 1`;
  const refund = await insertRefund(scope, {
    ...{ recipientId, donationId: id, amountMinor, byHand: true, reference },
    ...{ why: scope.t('fundraising.demo.given-twice'), author: books.words.treasurer },
  });
  await updateRefund(scope, refund.id, { state: 'succeeded', reference });
  await insertEntry(scope, {
    ...{ recipientId, donationId: id, kind: 'refund', reference, day },
    postings: { donations: amountMinor, bank: -amountMinor },
  });
  await updateDonation(scope, id, { state: 'refunded', refundedMinor: amountMinor });
  await cancelReceipt(scope, donation, amountMinor);
}

function lastOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** The same transaction, on another day. */
function on(scope: Scope, day: string): Scope {
  const { organization, bound, law, actor, locale, db } = scope;
  const own: Scope = {
    ...{ organization, bound, law, actor, locale, db },
    write: (fn) => fn(own),
    aside: (fn) => scope.aside(fn),
    // What is of today was before now.
    now: () => (actOf(day) < scope.now() ? actOf(day) : scope.now()),
    may: (permission) => scope.may(permission),
    t: (...asked) => scope.t(...asked),
  };
  return own;
}
