// One donation as lists, receipts and reports show it: what happened, with whom, and under which numbers.
import type { Identity } from './identity.ts';
import type { Method } from './index.ts';

export type DonationState = 'pledged' | 'accepted' | 'held' | 'refused' | 'refunded';

export interface DonationLine {
  id: string;
  recipientId: string;
  state: DonationState;
  /** ISO date of the act. */
  givenOn: string;
  /** When it was accepted, refused or sent back. */
  settledAt: Date | undefined;
  /** In the smallest unit of the recipient's currency. */
  amountMinor: number;
  /** What of it went back. */
  refundedMinor: number;
  currency: string;
  method: Method;
  source: 'page' | 'staff' | 'history';
  /** The same for all gifts of one donor; `undefined` of an anonymous one. */
  donorId: string | undefined;
  /** Word of `money.donors`: `natural_person`, `company` … */
  donorType: string | undefined;
  /** Whose record it is, where it is a person of the file. */
  personId: string | undefined;
  identity: Identity;
  fund: string | undefined;
  tracking: string | undefined;
  /** Of the bank's statement: of the gift itself or of its batch. */
  statementReference: string | undefined;
  depositSlip: string | undefined;
  /** Of Rostra's own gap-free series. */
  receiptNumber: string | undefined;
  /** Of an official form or service, imported. */
  officialNumber: string | undefined;
  /** Word of the reason why it is held or refused. */
  why: string | undefined;
  /** Held money goes back by then: ISO date. */
  returnBy: string | undefined;
}
