// The closed list of rules that a pack may hold: of each, its kind and whose law is asked for it.
import type { Kinds } from './kinds.ts';
import type { Factor as ActFactor, Capability } from './vocabulary.ts';

/** As of acts; and of silence, the law of the place where the election is held. */
export type Factor = ActFactor | 'silence';

const rules = {
  'consent.email': { kind: 'consent', factor: 'message' },
  'consent.sms': { kind: 'consent', factor: 'message' },
  'consent.voice': { kind: 'consent', factor: 'message' },
  'consent.call': { kind: 'consent', factor: 'message' },
  'consent.targeting': { kind: 'consent', factor: 'data' },
  'age.consent': { kind: 'age', factor: 'data' },
  'age.targeting': { kind: 'age', factor: 'data' },
  'calendar.holidays': { kind: 'holidays', factor: 'message' },
  'messaging.quiet': { kind: 'hours', factor: 'message' },
  'messaging.opt_out': { kind: 'words', factor: 'message' },
  'messaging.opt_out.within': { kind: 'within', factor: 'message' },
  'messaging.opt_out.shown': { kind: 'words', factor: 'message' },
  'messaging.opt_out.confirm': { kind: 'required', factor: 'message' },
  'messaging.opt_back': { kind: 'words', factor: 'message' },
  'messaging.help': { kind: 'words', factor: 'message' },
  'messaging.answer.within': { kind: 'within', factor: 'message' },
  'messaging.answer.quiet': { kind: 'within', factor: 'message' },
  'messaging.sender': { kind: 'required', factor: 'message' },
  'messaging.one_by_one': { kind: 'required', factor: 'message' },
  'messaging.one_click': { kind: 'required', factor: 'message' },
  'messaging.registration': { kind: 'words', factor: 'message' },
  'messaging.do_not_call': { kind: 'words', factor: 'message' },
  'messaging.notices': { kind: 'words', factor: 'message' },
  'messaging.sms.notices': { kind: 'words', factor: 'message' },
  'messaging.voice.notices': { kind: 'words', factor: 'message' },
  'messaging.voice.numbers_denied': { kind: 'words', factor: 'message' },
  'messaging.voice.unasked': { kind: 'count', factor: 'message' },
  'notices.form': { kind: 'words', factor: 'site' },
  'notices.indirect': { kind: 'words', factor: 'data' },
  'notices.indirect.within': { kind: 'within', factor: 'data' },
  'notices.ad': { kind: 'words', factor: 'site' },
  'notices.ad.transparency': { kind: 'words', factor: 'site' },
  'targeting.direct_only': { kind: 'required', factor: 'data' },
  'targeting.no_special_categories': { kind: 'required', factor: 'data' },
  'targeting.ask_once': { kind: 'required', factor: 'data' },
  'targeting.record': { kind: 'required', factor: 'data' },
  'roll.sort': { kind: 'choices', factor: 'data' },
  'records.processing': { kind: 'required', factor: 'data' },
  'records.assessment': { kind: 'required', factor: 'data' },
  'records.consent': { kind: 'required', factor: 'data' },
  'requests.answer': { kind: 'within', factor: 'data' },
  'requests.extend': { kind: 'within', factor: 'data' },
  'requests.objection': { kind: 'within', factor: 'data' },
  'requests.complaint': { kind: 'within', factor: 'data' },
  'breach.authority': { kind: 'within', factor: 'data' },
  'breach.people': { kind: 'required', factor: 'data' },
  // `at_most` and `at_least` count from the event that the name says.
  'retention.occasional_contact': { kind: 'at_most', factor: 'data' },
  'retention.campaign_file': { kind: 'at_most', factor: 'data' },
  'retention.electoral_roll': { kind: 'at_most', factor: 'data' },
  'retention.targeting_record': { kind: 'at_least', factor: 'data' },
  'retention.ad_notice': { kind: 'at_least', factor: 'site' },
  'retention.donation': { kind: 'at_least', factor: 'money' },
  'retention.tax_receipt': { kind: 'at_least', factor: 'money' },
  'election.silence': { kind: 'windows', factor: 'silence' },
  'election.results': { kind: 'windows', factor: 'silence' },
  'election.paid_ads': { kind: 'windows', factor: 'silence' },
  'election.foreign_sponsor': { kind: 'windows', factor: 'silence' },
  'money.donors': { kind: 'donors', factor: 'money' },
  'money.cap.party': { kind: 'money', factor: 'money' },
  'money.cap.local_party': { kind: 'money', factor: 'money' },
  'money.cap.committee': { kind: 'money', factor: 'money' },
  'money.cap.candidate': { kind: 'money', factor: 'money' },
  'money.counts_above': { kind: 'money', factor: 'money' },
  'money.cash': { kind: 'money', factor: 'money' },
  'money.anonymous': { kind: 'money', factor: 'money' },
  'money.identify': { kind: 'money', factor: 'money' },
  'money.employer': { kind: 'money', factor: 'money' },
  'money.disclose': { kind: 'money', factor: 'money' },
  'money.disclose.unit': { kind: 'money', factor: 'money' },
  'money.report.urgent': { kind: 'money', factor: 'money' },
  'money.report.returned': { kind: 'required', factor: 'money' },
  'money.methods': { kind: 'choices', factor: 'money' },
  'money.collector': { kind: 'choices', factor: 'money' },
  'money.payout': { kind: 'words', factor: 'money' },
  'money.appeal': { kind: 'words', factor: 'money' },
  'money.fields': { kind: 'words', factor: 'money' },
  'money.attest': { kind: 'words', factor: 'money' },
  'money.verify': { kind: 'within', factor: 'money' },
  'money.forward': { kind: 'within', factor: 'money' },
  'money.refund': { kind: 'within', factor: 'money' },
  'money.receipt.official': { kind: 'required', factor: 'money' },
  'money.tax.rate': { kind: 'share', factor: 'money' },
  'money.tax.income': { kind: 'share', factor: 'money' },
  'money.tax.household': { kind: 'money', factor: 'money' },
  'money.loan.low_rate': { kind: 'at_most', factor: 'money' },
  'money.loan.high_rate': { kind: 'at_most', factor: 'money' },
  'money.loan.share': { kind: 'share', factor: 'money' },
  'imprint.web': { kind: 'words', factor: 'site' },
  'imprint.print': { kind: 'words', factor: 'site' },
  'cookies.consent': { kind: 'consent', factor: 'site' },
  'cookies.measure': { kind: 'consent', factor: 'site' },
  'cookies.life': { kind: 'at_most', factor: 'site' },
  'cookies.data': { kind: 'at_most', factor: 'site' },
  'cookies.ask_again': { kind: 'at_least', factor: 'site' },
  'measure.ask_again': { kind: 'at_least', factor: 'data' },
} as const satisfies Record<string, { kind: keyof Kinds; factor: Factor }>;

type Rules = typeof rules;
export type RuleId = keyof Rules;
/** What a rule of this id holds once it is read. */
export type RuleValue<Id extends RuleId> = Kinds[Rules[Id]['kind']];

export const ruleIds = Object.keys(rules) as readonly RuleId[];

export function isRuleId(word: string): word is RuleId {
  return Object.hasOwn(rules, word);
}

export function kindOf(id: RuleId): keyof Kinds {
  return rules[id].kind;
}

/** Whose law is asked. */
export function factorOfRule(id: RuleId): Factor {
  return rules[id].factor;
}

/** What a rule's version does: it stops an act, asks the donor's or staff's word, asks, is shown, or is only noted. */
export const enforcements = ['block', 'attest', 'ask', 'show', 'none'] as const;
export type Enforcement = (typeof enforcements)[number];

/**
 * Rules that code asks for today, so that a pack may say `block`, `attest` or `ask` of them.
 * A test holds this list against the code.
 */
export const enforced: ReadonlySet<RuleId> = new Set<RuleId>([
  'consent.email',
  'consent.sms',
  'consent.voice',
  'consent.call',
  'consent.targeting',
  'age.consent',
  'age.targeting',
  'calendar.holidays',
  'messaging.quiet',
  'messaging.opt_out',
  'messaging.opt_out.within',
  'messaging.opt_out.shown',
  'messaging.opt_out.confirm',
  'messaging.opt_back',
  'messaging.help',
  'messaging.answer.within',
  'messaging.answer.quiet',
  'messaging.sms.notices',
  'messaging.notices',
  'notices.indirect',
  'notices.indirect.within',
  'notices.ad',
  'notices.ad.transparency',
  'targeting.direct_only',
  'targeting.record',
  'requests.answer',
  'requests.extend',
  'requests.objection',
  'breach.authority',
  'breach.people',
  'retention.occasional_contact',
  'retention.targeting_record',
  'retention.donation',
  'money.donors',
  'money.cap.party',
  'money.cap.local_party',
  'money.cap.committee',
  'money.cap.candidate',
  'money.counts_above',
  'money.cash',
  'money.anonymous',
  'money.identify',
  'money.employer',
  'money.methods',
  'money.collector',
  'money.fields',
  'money.attest',
  'money.verify',
  'money.refund',
  'money.appeal',
  'money.payout',
  'money.forward',
  'money.disclose',
  'money.disclose.unit',
  'money.report.returned',
  'money.receipt.official',
  'money.tax.rate',
  'money.tax.income',
  'money.tax.household',
  'election.silence',
  'election.results',
  'election.paid_ads',
  'election.foreign_sponsor',
]);

/**
 * Rules on data that is here only once a plugin brings it in, each with the act by which it does; `never`: no act of the
 * vocabulary makes such data. While nobody does, there is nothing to keep or delete, and the map says so.
 */
export const keptBy: ReadonlyMap<RuleId, Capability | 'never'> = new Map<
  RuleId,
  Capability | 'never'
>([
  ['retention.campaign_file', 'never'],
  ['retention.electoral_roll', 'import.electoral_roll'],
  ['roll.sort', 'import.electoral_roll'],
  ['retention.ad_notice', 'advertise.online'],
]);

export const ruleName = (id: RuleId): string => `law.rule.${id}`;
