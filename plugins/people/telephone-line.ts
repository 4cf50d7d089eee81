// Whether a telephone number can get a text message: what kind of line it is, as its digits tell.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
type Rules = typeof import('libphonenumber-js/max');
let loaded: Rules | undefined;

/** `fixed`: it takes no text messages; `either`: the number does not tell, as in North America. */
export type PhoneLine = 'mobile' | 'fixed' | 'either';

/** Of a number in E.164. The kinds of the whole world are 9 MB more than its numbers, so they are read when first asked for. */
export function lineOf(number: string): PhoneLine {
  const plain = french.exec(number)?.groups;
  if (plain) return plain['mobile'] ? 'mobile' : 'fixed';
  loaded ??= require('libphonenumber-js/max') as Rules;
  return lines[loaded.parsePhoneNumberFromString(number)?.getType() ?? ''] ?? 'either';
}

/** As they are given out since 1996 (Arcep, plan national de numérotation): most of a French list is read by that alone. */
const french = /^\+33(?:(?<mobile>6|7[3-9])|[1-5])\d+$/;

/** Beside landlines, lines that ring in a box, at a company or for money: a campaign's text goes nowhere there. */
const lines: Record<string, PhoneLine> = {
  MOBILE: 'mobile',
  ...{ FIXED_LINE: 'fixed', VOIP: 'fixed', UAN: 'fixed', VOICEMAIL: 'fixed' },
  ...{ TOLL_FREE: 'fixed', PREMIUM_RATE: 'fixed', SHARED_COST: 'fixed' },
};
