// What has to be known of a person before anyone may say whether they may be reached.
import type { ReachAct } from './index.ts';

/** What the ledger holds last of one channel and purpose. A claim is a yes that a list brought without proof. */
export const words = ['none', 'withdrawn', 'claimed', 'given', 'confirmed'] as const;
export type Word = (typeof words)[number];

/**
 * The addresses of a channel's kind. One that the person stopped stops the kind, one that is dead itself alone; `landline`: to
 * text messages there is nothing else.
 */
export const ways = ['none', 'stopped', 'unsubscribed', 'ok', 'dead', 'landline'] as const;
export type WayState = (typeof ways)[number];

export interface ReachFacts {
  /** ISO 3166-1 of the residence; where that is not known, on the telephone that of the number. */
  country?: string;
  age?: number;
  way: WayState;
  word: Word;
  /** The yes to calls by a machine names its hours. */
  hasWindow: boolean;
  /** The separate word on being chosen by one's data. */
  targeting: Word;
  isSubscribed: boolean;
  /** With the tag that the act asks for; where it asks for none, so is everybody. */
  isTagged: boolean;
  /** The address or number that would be used, the first that can be, came from the person. */
  isWayDirect: boolean;
  /** So did the tag by which they would be chosen, if there is one. */
  isTagDirect: boolean;
  /** So did the birth date, if one is known. */
  isBirthDirect: boolean;
  /** The record came by the site's form or from a stand, which say what is done with it. */
  isInformed: boolean;
  /** Member, former member or in regular touch. */
  isRegular: boolean;
}

/** What can be asked. A newsletter goes by e-mail to its subscribers. */
export const acts: readonly ReachAct[] = [
  { channel: 'email', purpose: 'newsletter' },
  ...(['email', 'sms', 'voice', 'call', 'post'] as const).map(
    (channel): ReachAct => ({ channel, purpose: 'campaign' }),
  ),
  ...(['email', 'sms', 'voice', 'call'] as const).map(
    (channel): ReachAct => ({ channel, purpose: 'targeting' }),
  ),
];

/** By what the recipients will be chosen is seen when they are; until then it is said to be a condition. */
export function unselected(act: ReachAct): ReachAct {
  const isOpen = act.purpose === 'targeting' && !act.met;
  return isOpen ? { ...act, met: ['no.special_categories'] } : act;
}

/** On which channel and purpose the ledger is asked. A selection needs what the party's messages need, and more. */
export function ledgerOf({ channel, purpose }: ReachAct) {
  return { channel, purpose: purpose === 'newsletter' ? 'newsletter' : 'campaign' };
}
export const targetingLedger = { channel: 'targeting', purpose: 'targeting' } as const;

export const isYes = (word: Word): boolean => word === 'given' || word === 'confirmed';

/** Where what the person said themselves came from. */
export const directSources = ['website.sign-up', 'stand'];

export const isRegular = (kind: string | undefined): boolean =>
  kind !== undefined && kind !== 'occasional_contact';
