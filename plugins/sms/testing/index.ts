// What a gateway promises, tried against its far side. This is `rostra/sms/testing`.
import type { Scope } from 'rostra/plugin';
import type { News, Receipt, SmsAccount, SmsCall, SmsGateway } from '../index.ts';
import { handChecks } from './hand.ts';
import { newsChecks } from './news.ts';
import { type Check, faultsOf } from './trial.ts';

/**
 * `silent`: takes what it is given and does not answer; `down`: hangs up at once; `broken`: takes it and answers a fault of
 * its own; `garbled`: takes it and answers what cannot be read; `busy`: says that it was asked too often.
 */
export type Mood = 'well' | 'down' | 'silent' | 'broken' | 'garbled' | 'busy';

/** The gateway's own side, as the test plays it: a server on loopback that speaks its protocol. */
export interface FarSide {
  /** From the next message on. */
  become(mood: Mood): void;
  /** What it took, in order, put together again. */
  taken: readonly { from: string; to: string; text: string }[];
  /** A number that it says no to, in E.164. */
  refusedNumber: string;
  /** It tells of a message, or brings one: the call that it makes, or `undefined` where it tells over the session. */
  tell(news: Told): Promise<SmsCall | undefined>;
}
export type Told =
  | { kind: 'receipt'; reference: string; state: Receipt['state'] }
  | { kind: 'inbound'; from: string; to: string; text: string };

export interface GatewayTrial {
  scope: Scope;
  gateway: SmsGateway;
  /** One that works. */
  account: SmsAccount;
  far: FarSide;
  /** Accounts that must not be kept: keys of nobody. */
  wrongAccounts: readonly SmsAccount[];
}

const checks: readonly Check[] = [...handChecks, ...newsChecks];

/** A sentence for each promise of `SmsGateway` that is not kept. */
export async function gatewayFaults(trial: GatewayTrial): Promise<string[]> {
  const faults: string[] = [];
  for (const check of checks) faults.push(...(await faultsOf(trial, check)));
  return faults;
}
export type { News };
