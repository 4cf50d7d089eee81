// The law at the till: what the packs say of a gift to this recipient on that day, and whether one fits.
import type { Citation, Ruling, Scope } from 'rostra/plugin';
import { capScopeOf } from './cap-scope.ts';
import type { Identity } from './identity.ts';
import type { Recipient } from './recipient.sql.ts';
import { isTold } from './told.ts';

/** What somebody wants to give, or gave. */
export interface Offer {
  amountMinor: number;
  /** A method, or what is refused by its name: `in_kind`, `own_contribution`, `crypto`. */
  method: string;
  /** ISO date. */
  givenOn: string;
  /** Word of `money.donors`. */
  donorType: string;
  /** Criteria of `money.donors` that the donor says they meet, e.g. `residence:FR`. */
  qualities: readonly string[];
  /** Words of `never` that hold of the donor. */
  excluded: readonly string[];
  identity: Identity;
  /** Words of `money.attest`. */
  attested: readonly string[];
  isAnonymous: boolean;
}

/** What the donor gave this recipient before. */
export interface Given {
  /** In the calendar year. */
  yearMinor: number;
  /** In cash, in the span that the rule on cash names. */
  cashMinor: number;
}

export interface TillFault {
  /** Of the form: `/method`. */
  path: string;
  message: string;
  params: Record<string, unknown>;
  /** Where it is written; none where it is the recipient's own choice. */
  reasons: readonly Citation[];
}
export interface Judgement {
  faults: TillFault[];
  /** Gifts of one donor with the same scope are added up to the cap. */
  cap: { scope: string; minor: number; reasons: readonly Citation[] } | undefined;
  /** All rules that were asked. */
  reasons: Citation[];
  isProvisional: boolean;
}

export type Till = ReturnType<typeof openTill>;

/** Asked of the recipient's law alone, for the day of the gift. */
export function openTill({ law }: Scope, recipient: Recipient, when: Date) {
  const at = { when };
  const caps = {
    party: () => law.rule('money.cap.party', at),
    local_party: () => law.rule('money.cap.local_party', at),
    committee: () => law.rule('money.cap.committee', at),
    candidate: () => law.rule('money.cap.candidate', at),
  };
  const own = caps[recipient.kind]();
  const isParty = recipient.kind === 'party';
  const isPart = recipient.kind === 'local_party' && !own.value;
  const collector = law.rule('money.collector', at);
  const attest = law.rule('money.attest', at);
  const met = [
    ...(collector.value?.includes(recipient.collector ?? '') ? ['collector.agent'] : []),
    ...(recipient.collector === 'federal_campaign_account' ? ['collector.campaign_account'] : []),
    // What providers do: they keep their fee and pay the rest out by themselves.
    'payout.without_delay',
    'notice.gift_rules',
  ];
  const online = (isEligible: boolean) =>
    law.decide({
      capability: 'payment.online',
      met: isEligible ? [...met, 'attest.donor_eligible'] : met,
      ...at,
    });
  return {
    recipient,
    cap: own.value || isParty ? own : caps.party(),
    // A local part without a cap of its own is the party: what both were given is added up.
    isPartys: isParty || isPart,
    donors: law.rule('money.donors', at),
    methods: law.rule('money.methods', at),
    cash: law.rule('money.cash', at),
    anonymous: law.rule('money.anonymous', at),
    identify: law.rule('money.identify', at),
    employer: law.rule('money.employer', at),
    countsAbove: law.rule('money.counts_above', at),
    fields: law.rule('money.fields', at),
    collector,
    attest,
    online,
  };
}

/** Whether the gift fits, all that stands against it at once. The cap is only named: the database holds it. */
export function judge(till: Till, offer: Offer, given: Given): Judgement {
  const cap = capOf(till, offer);
  const faults = [
    ...currencyFaults(till),
    ...windowFaults(till, offer),
    ...regionFaults(till),
    ...methodFaults(till, offer, given),
    ...(isCounted(till, offer) ? donorFaults(till, offer, given) : []),
    ...(cap && offer.amountMinor > cap.minor ? [capFault(till, cap, cap.minor)] : []),
  ];
  const asked = Object.values<unknown>(till).filter(isRuling);
  const reasons = asked.flatMap((ruling) => ruling.reasons);
  return { faults, cap, reasons, isProvisional: asked.some((ruling) => ruling.provisional) };
}

export function capFault(
  till: Till,
  cap: NonNullable<Judgement['cap']>,
  roomMinor: number,
): TillFault {
  const params = { ...moneyOf(till, cap.minor), room: moneyOf(till, Math.max(0, roomMinor)).minor };
  return { path: '/amount', message: 'fundraising.fault.cap', params, reasons: cap.reasons };
}

/** Below a threshold of the law it is no donation in its sense: nobody is asked who they are. */
export function isCounted(
  { countsAbove }: Till,
  { amountMinor }: Pick<Offer, 'amountMinor'>,
): boolean {
  return countsAbove.value?.minor == null || amountMinor > countsAbove.value.minor;
}

/** Which of the identity's parts the law wants of this gift. */
export function wantedFields(
  till: Till,
  offer: Pick<Offer, 'amountMinor' | 'donorType'>,
  given: Given,
): string[] {
  const { identify, employer, fields } = till;
  const year = given.yearMinor + offer.amountMinor;
  const isKnown = identify.value?.minor == null || offer.amountMinor > identify.value.minor;
  if (!isKnown) return [];
  const isLarge = employer.value?.minor == null || year > employer.value.minor;
  return (fields.value ?? []).filter(
    (word) =>
      (isLarge || !['occupation', 'employer'].includes(word)) &&
      (offer.donorType !== 'natural_person' || word !== 'company_number'),
  );
}

/** An amount of the law can be compared with none in another currency. */
function currencyFaults({ recipient, ...till }: Till): TillFault[] {
  const { cap, cash, anonymous, identify, employer, countsAbove } = till;
  const amounts = [cap, cash, anonymous, identify, employer, countsAbove];
  const other = amounts.find(({ value }) => value && value.currency !== recipient.currency);
  if (!other) return [];
  const params = { lawful: other.value?.currency, kept: recipient.currency };
  const message = 'fundraising.fault.currency';
  return [{ path: '/amount', message, params, reasons: other.reasons }];
}

function windowFaults({ recipient }: Till, { givenOn }: Offer): TillFault[] {
  const { opensOn, closesOn, closedAt, name } = recipient;
  const fault = (message: string, params = {}): TillFault[] => [
    { path: '/givenOn', message, params: { name, ...params }, reasons: [] },
  ];
  if (closedAt) return fault('fundraising.fault.closed');
  if (opensOn && givenOn < opensOn) return fault('fundraising.fault.early', { day: opensOn });
  if (closesOn && givenOn > closesOn) return fault('fundraising.fault.late', { day: closesOn });
  return [];
}

/** Founded before that was asked: with which others it shares the cap is not known. */
function regionFaults({ cap, recipient }: Till): TillFault[] {
  if (cap.value?.across !== 'region' || recipient.region) return [];
  const params = { name: recipient.name };
  return [{ path: '/region', message: 'fundraising.fault.region', params, reasons: cap.reasons }];
}

const methods = ['card', 'direct_debit', 'transfer', 'cheque', 'cash'];
/** Each with a reason of its own, for what else somebody would enter. */
const elsewhere = ['in_kind', 'own_contribution', 'crypto'];

function methodFaults(till: Till, offer: Offer, given: Given): TillFault[] {
  const fault = (message: string, reasons: readonly Citation[], params = {}): TillFault => ({
    ...{ path: '/method', message, params, reasons },
  });
  const { method, amountMinor } = offer;
  if (elsewhere.includes(method)) return [fault(`fundraising.fault.method.${method}`, [])];
  if (!methods.includes(method)) return [fault('fundraising.fault.method', till.methods.reasons)];
  const faults: TillFault[] = [];
  const { methods: lawful, collector, cash } = till;
  if (lawful.value && !lawful.value.includes(method)) {
    faults.push(fault('fundraising.fault.method', lawful.reasons));
  }
  if (collector.value && !collector.value.includes(till.recipient.collector ?? '')) {
    faults.push(fault('fundraising.fault.collector', collector.reasons));
  }
  if (method === 'card' || method === 'direct_debit') {
    const decision = till.online(attestFaults(till, offer).length === 0);
    if (decision.effect === 'deny' && !decision.reasons.every(isAttestation)) {
      faults.push(fault('fundraising.fault.online', decision.reasons));
    }
  }
  if (method === 'cash' && cash.value?.minor != null) {
    const sum = amountMinor + (cash.value.per === 'donation' ? 0 : given.cashMinor);
    const params = moneyOf(till, cash.value.minor);
    if (sum > cash.value.minor) faults.push(fault('fundraising.fault.cash', cash.reasons, params));
  }
  return faults;
}

/** What is attested is asked for beside its own box. */
const isAttestation = ({ missing }: { missing?: string[] }): boolean =>
  missing?.length === 1 && missing[0] === 'attest.donor_eligible';

function donorFaults(till: Till, offer: Offer, given: Given): TillFault[] {
  if (offer.isAnonymous) return anonymousFaults(till, offer);
  return [
    ...eligibilityFaults(till, offer),
    ...wantedFields(till, offer, given)
      .filter((word) => !isTold(word, offer.identity))
      .map((word) => fieldFault(till, word)),
    ...attestFaults(till, offer),
  ];
}

function anonymousFaults(till: Till, { amountMinor }: Offer): TillFault[] {
  const { anonymous } = till;
  const most = anonymous.value ? anonymous.value.minor : 0;
  if (most === null || amountMinor <= most) return [];
  const message = most === 0 ? 'fundraising.fault.anonymous' : 'fundraising.fault.anonymous.above';
  const params = moneyOf(till, most);
  return [{ path: '/isAnonymous', message, params, reasons: anonymous.reasons }];
}

function eligibilityFaults({ donors }: Till, offer: Offer): TillFault[] {
  const fault = (message: string): TillFault[] => [
    { path: '/donorType', message, params: {}, reasons: donors.reasons },
  ];
  // A law that says nothing of who may give is one that is not known.
  if (!donors.value) return fault('fundraising.fault.donor.unknown');
  const { types, anyOf, never } = donors.value;
  if (!types.includes(offer.donorType)) return fault('fundraising.fault.donor.type');
  const excluded = never.find((word) => offer.excluded.includes(word) || word === offer.donorType);
  if (excluded) return fault(`fundraising.fault.donor.${excluded}`);
  const isMet = anyOf.every((clause) => clause.some((word) => offer.qualities.includes(word)));
  return isMet ? [] : fault('fundraising.fault.donor.criterion');
}

/** On entry of what a bank or a cheque brought, the paper stands for the donor's word. */
function attestFaults({ attest }: Till, { attested }: Offer): TillFault[] {
  return (attest.value ?? [])
    .filter((word) => !attested.includes(word))
    .map((word) => ({
      ...{ path: `/attest-${word}`, message: 'fundraising.fault.attest' },
      ...{ params: {}, reasons: attest.reasons },
    }));
}

function fieldFault({ fields }: Till, word: string): TillFault {
  const path = `/${pathOfField[word] ?? word}`;
  return { path, message: 'fundraising.fault.field', params: {}, reasons: fields.reasons };
}

/** Where a word of `money.fields` stands in the form. */
export const pathOfField: Readonly<Record<string, string>> = {
  legal_name: 'familyName',
  name: 'familyName',
  nationality: 'nationality',
  tax_domicile: 'line1',
  address: 'line1',
  registered_address: 'line1',
  municipality: 'locality',
  postal_code: 'postcode',
  occupation: 'occupation',
  employer: 'employer',
  tax_number: 'taxNumber',
  company_number: 'registerNumber',
};

function capOf(till: Till, offer: Offer): Judgement['cap'] {
  const { value, reasons } = till.cap;
  if (!value || value.minor === null || !isCounted(till, offer)) return undefined;
  const scope = capScopeOf(value, till.recipient, { ...till, givenOn: offer.givenOn });
  return { scope, minor: value.minor, reasons };
}

function moneyOf({ recipient }: Till, minor: number) {
  return { minor, currency: recipient.currency };
}

function isRuling(part: unknown): part is Ruling<unknown> {
  return typeof part === 'object' && part !== null && 'provisional' in part;
}
