// What a payment provider promises, tried against its far side. This is `rostra/fundraising/testing`.
import type { Scope } from 'rostra/plugin';
import type { Amount, HookNews, PaymentProvider, ProviderAccount } from '../index.ts';
import { hookChecks } from './hooks.ts';
import { moneyChecks } from './money.ts';
import { openChecks } from './open.ts';
import { silenceChecks } from './silence.ts';
import { type Check, faultsOf } from './trial.ts';

/** `silent`: does what it is asked and does not answer; `broken`: 500; `garbled`: an answer that cannot be read. */
export type Mood = 'well' | 'down' | 'silent' | 'broken' | 'garbled';

export interface HookCall {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

type Soon<T> = T | Promise<T>;

/**
 * The provider's own side, as the test plays it: a server on loopback that speaks its protocol. What is left out cannot be,
 * and is not tried: cheques that staff enter have no far side that could fall silent, or call.
 */
export interface FarSide {
  /** From the next request on. Left out where nobody is asked anything. */
  become?(mood: Mood): void;
  /** How many payments it has been asked to open. */
  count(): Soon<number>;
  /** What it asks of the donor, as it would print it: `12.34` euros, `500` yen. */
  asks(reference: string): Soon<string>;
  /** The donor pays: what is asked, or another amount. */
  pay(reference: string, amount?: Amount): Soon<void>;
  /** At its own desk, without our order; answers its reference. */
  refund(reference: string, amount: Amount): Soon<string>;
  /** A call as it sends it, made at that time. Left out where it never calls. */
  call?(about: HookNews['about'][number], at: Date): HookCall;
  /** The donor's bank takes money back. Left out where that cannot be. */
  dispute?(reference: string, amount: Amount): string;
  endDispute?(dispute: string, how: 'won' | 'lost'): void;
  /** It pays the recipient; answers its reference. Left out where money goes to the recipient's bank at once. */
  payOut?(amount: Amount): string;
  endPayout?(payout: string, how: 'paid' | 'failed'): void;
}

export interface ProviderTrial {
  scope: Scope;
  provider: PaymentProvider;
  /** One that works. */
  account: ProviderAccount;
  far: FarSide;
  /** Accounts that must not be kept: live keys in a test account, keys of nobody. */
  wrongAccounts: readonly ProviderAccount[];
  /** An amount that the provider says no to, where there is one. */
  refusedAmount?: Amount;
  /** ISO 4217; euros and yen, which have no smaller unit, if left out. */
  currencies?: readonly string[];
}

const checks: readonly Check[] = [...openChecks, ...moneyChecks, ...silenceChecks, ...hookChecks];

/** A sentence for each promise of `PaymentProvider` that is not kept. */
export async function providerFaults(trial: ProviderTrial): Promise<string[]> {
  const faults: string[] = [];
  for (const check of checks) faults.push(...(await faultsOf(trial, check)));
  return faults;
}
