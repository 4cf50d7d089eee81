// Which lists a recipient's law asks for, and each opened: what is in it is read as the file is written.
import type { Scope } from 'rostra/plugin';
import { actOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { type Entry, findSealed } from '../ledger.sql.ts';
import { seal } from '../ledger.ts';
import { findLines, type LineQuery, sumLines } from '../line.sql.ts';
import type { DonationLine } from '../line.ts';
import { deedsOf } from '../office.ts';
import type { Recipient } from '../recipient.sql.ts';
import { candidate } from './candidate.ts';
import { disclosure } from './disclosure.ts';
import { finpol, finpolAgent } from './finpol.ts';
import { itemization } from './itemization.ts';
import { countEntries } from './ledger.sql.ts';
import { ledgerSheet } from './ledger.ts';
import { countReturns, findReturns } from './returned.sql.ts';
import { returned } from './returned.ts';
import { unsealed } from './sealed.ts';
import type { Lines, Period, Sheet } from './sheet.ts';

export const listNames = [
  ...(['finpol', 'finpol-agent', 'donors'] as const),
  ...(['itemization', 'disclosure', 'returned', 'ledger'] as const),
];
export type ListName = (typeof listNames)[number];

export interface Offered {
  name: ListName;
  /** An authority's own format; else the reader chooses. */
  isTsv: boolean;
  /** Where it is written that it is asked for. */
  source: string | undefined;
  /** In the smallest unit, where only who gave more is named. */
  aboveMinor: number | undefined;
}

/** From above the recipient's own organization its law is not asked, so what rests on no law is offered alone. */
export function listsOf(scope: Scope, recipient: Recipient): Offered[] {
  const offered = (name: ListName, more: Partial<Offered> = {}): Offered => ({
    ...{ name, isTsv: false, source: undefined, aboveMinor: undefined },
    ...more,
  });
  if (!isHere(scope, recipient)) {
    return [offered('donors'), offered('ledger')];
  }
  const official = scope.law.rule('money.receipt.official');
  const isFinpol = official.value && recipient.kind !== 'candidate';
  const { source, aboveMinor } = thresholdOf(scope, recipient, scope.now());
  const isAbove = aboveMinor !== undefined;
  const back = scope.law.rule('money.report.returned');
  const asks = scope.law.rule('money.employer').value ? 'itemization' : 'disclosure';
  return [
    ...(isFinpol ? [offered('finpol', { isTsv: true, source: official.reasons[0]?.source })] : []),
    ...(isFinpol ? [offered('finpol-agent', { isTsv: true })] : []),
    offered('donors'),
    ...(isAbove ? [offered(asks, { source, aboveMinor })] : []),
    ...(back.value ? [offered('returned', { source: back.reasons[0]?.source })] : []),
    offered('ledger'),
  ];
}

/** As it holds on that day; a local branch may have one of its own. */
function thresholdOf({ law }: Scope, { kind }: Recipient, when: Date) {
  const unit = law.rule('money.disclose.unit', { when });
  const ruling = kind === 'local_party' && unit.value ? unit : law.rule('money.disclose', { when });
  return {
    aboveMinor: ruling.value?.minor ?? undefined,
    per: ruling.value?.per ?? 'calendar_year',
    source: ruling.reasons[0]?.source,
  };
}

/** How many donations, or entries of the ledger, it is about. */
export async function countList(
  scope: Scope,
  { id }: Recipient,
  name: ListName,
  period: Period,
): Promise<number> {
  if (name === 'finpol-agent') return 1;
  if (name === 'ledger') return countEntries(scope, id, period);
  if (name === 'returned') return countReturns(scope, id, period);
  return (await sumLines(scope, id, { ...period, states: statesOf(name) })).count;
}

export async function openList(
  scope: Scope,
  deps: Pick<Deps, 'sealedStore'>,
  recipient: Recipient,
  { name, ...period }: Period & { name: ListName },
): Promise<Sheet> {
  const { currency, id } = recipient;
  const isNamed = isFiled(scope, recipient, name) && (await deedsOf(scope, recipient)).manage;
  const named = <Line extends DonationLine>(lines: AsyncIterable<Line>) =>
    isNamed ? unsealed(scope, deps, lines, `list.${name}`) : lines;
  const read = (query: LineQuery): Lines =>
    named(findLines(scope, id, { until: period.until, states: statesOf(name), ...query }));
  const byDonor = () => read({ since: period.since, order: 'donor' });
  // A donor's sum is that of the whole year, whichever part of it is asked for.
  const ofYears = () => read({ since: `${period.since.slice(0, 4)}-01-01`, order: 'donor' });
  const when = actOf(period.until);
  const { aboveMinor = 0, per } = thresholdOf(scope, recipient, when);
  switch (name) {
    case 'finpol':
      return finpol(read({ since: period.since }), currency);
    case 'finpol-agent':
      return finpolAgent(agentOf(recipient), currency);
    case 'donors':
      return candidate(byDonor(), currency);
    case 'itemization':
      return itemization(ofYears(), { ...period, aboveMinor, currency });
    case 'disclosure': {
      const fields = scope.law.rule('money.fields', { when }).value ?? ['legal_name', 'date'];
      const { timeZone } = scope.organization;
      const lines = per === 'election' ? read({ order: 'donor' }) : ofYears();
      return disclosure(lines, { ...period, aboveMinor, currency, per, fields, timeZone });
    }
    case 'returned':
      return returned(named(findReturns(scope, id, period)), currency);
    case 'ledger':
      await seal(scope, id);
      return ledgerSheet(entriesOf(scope, id, period), currency);
  }
}

/** Whether a law wants it filed, with the names of donors who were erased as well; what an accountant is given is another matter. */
function isFiled(scope: Scope, recipient: Recipient, name: ListName): boolean {
  if (name === 'donors') return recipient.kind === 'candidate' && isHere(scope, recipient);
  return name !== 'ledger' && isHere(scope, recipient);
}

function isHere({ organization }: Scope, { organizationId }: Recipient): boolean {
  return organizationId === organization.id;
}

/** What was received and went back is told of in the itemised list alone. */
function statesOf(name: ListName): ('accepted' | 'refunded')[] {
  return name === 'itemization' ? ['accepted', 'refunded'] : ['accepted'];
}

function agentOf({ registerNumber, agent, name, address }: Recipient) {
  const line = address.replace(/\s*\r?\n\s*/g, ', ');
  const unknown = { phoneNumber: undefined, emailAddress: undefined };
  return { registerNumber, name: agent ?? name, address: line, ...unknown };
}

const batch = 1_000;

async function* entriesOf(
  scope: Scope,
  recipientId: string,
  { since, until }: Period,
): AsyncIterable<Entry> {
  for (let after = 0; ; ) {
    const entries = await findSealed(scope, recipientId, after, batch);
    for (const entry of entries) if (since <= entry.day && entry.day <= until) yield entry;
    if (entries.length < batch) return;
    after = entries.at(-1)?.position ?? after;
  }
}
