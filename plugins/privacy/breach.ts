// A breach of personal data from its first word to its closing: by when the authority is told, and whom else.
import { notFound, refused, type Scope } from 'rostra/plugin';
import {
  type Abroad,
  type Breach,
  type BreachFacts,
  type BreachValues,
  type FieldChange,
  holdBreach,
  insertBreach,
  insertBreachChange,
  updateBreach,
} from './breach.sql.ts';
import { clocksAbroad, isWaitingAbroad } from './breach-abroad.ts';
import { deleteBreachPerson, insertBreachPerson } from './breach-person.sql.ts';
import type { Deps } from './deps.ts';
import { newReference } from './request.ts';
import { findEnd } from './request-day.sql.ts';

/** What the law of the organization said on the day on which the breach became known. */
export interface BreachLaw {
  /** Within which the authority is told; `undefined` where no law that is known here sets a time. */
  within: string | undefined;
  source: string;
  /** Whether the people are told when their risk is high. */
  tellsPeople: boolean;
  peopleSource: string;
}

export function breachLaw(scope: Scope, knownAt: Date): BreachLaw {
  const authority = scope.law.rule('breach.authority', { when: knownAt });
  const people = scope.law.rule('breach.people', { when: knownAt });
  const written = (reasons: readonly { source: string }[]) =>
    [...new Set(reasons.map(({ source }) => source))].join(' ; ');
  return {
    within: authority.value,
    source: written(authority.reasons),
    tellsPeople: people.value === true,
    peopleSource: written(people.reasons),
  };
}

/** Whether they are still to be told, or a reason to be given why not (GDPR 34(3)). */
export function isToTell(law: BreachLaw, breach: Breach): boolean {
  return law.tellsPeople && breach.risk === 'high' && !breach.toldAt && !breach.untoldReason;
}

const hour = 3600 * 1000;

/** Whole hours that are left to tell the authority, none in the last; by how many it is late, as less than none. */
export function clockOf(
  now: Date,
  breach: Pick<Breach, 'dueAt' | 'reportedAt' | 'unreportedAt' | 'closedAt'>,
): { hours: number | undefined; isLate: boolean; isSoon: boolean } {
  const { dueAt, reportedAt, unreportedAt, closedAt } = breach;
  if (!dueAt || reportedAt || unreportedAt || closedAt) {
    return { hours: undefined, isLate: false, isSoon: false };
  }
  const hours = Math.trunc((dueAt.getTime() - now.getTime()) / hour);
  return { hours, isLate: dueAt < now, isSoon: dueAt >= now && hours < 24 };
}

export function wasLate({ dueAt, reportedAt }: Pick<Breach, 'dueAt' | 'reportedAt'>): boolean {
  return Boolean(dueAt && reportedAt && reportedAt > dueAt);
}

export function recordBreach(
  scope: Scope,
  deps: Deps,
  facts: BreachFacts,
  personIds: readonly string[],
  countries: readonly string[] = [],
): Promise<string> {
  return scope.write(async (own) => {
    const abroad = await clocksAbroad(own, facts.knownAt, countries);
    const values = { ...facts, ...(await dueOf(own, facts.knownAt)), abroad };
    const id = await insertBreach(own, newReference(), values);
    await insertBreachChange(own, id, 'recorded', changesOf({}, values));
    await tell(own, deps, 'breach.recorded', id);
    await nameAll(own, deps, id, personIds);
    return id;
  });
}

/** `seen`: the newest step when the form was opened; what somebody else changed since is not overwritten. */
export function changeBreach(
  scope: Scope,
  deps: Deps,
  id: string,
  facts: BreachFacts,
  seen: string | undefined,
  countries: readonly string[] = [],
): Promise<void> {
  return moveOn(
    scope,
    deps,
    id,
    { kind: 'changed', act: 'breach.changed' },
    async (own, breach) => {
      if (seen !== undefined && seen !== breach.lastChange)
        throw refused('privacy.breach-moved', {});
      const isMoved = facts.knownAt.getTime() !== breach.knownAt.getTime();
      const due = isMoved ? await dueOf(own, facts.knownAt) : {};
      // Not to tell the authority rests on there being no risk (GDPR 33(1)).
      const isWithdrawn = breach.unreportedAt && facts.risk !== 'none';
      const decision = isWithdrawn ? { unreportedAt: null, unreportedReason: null } : {};
      const abroad = await clocksAbroad(own, facts.knownAt, countries, breach.abroad);
      return { ...facts, ...due, ...decision, abroad };
    },
  );
}

export function reportBreach(
  scope: Scope,
  deps: Deps,
  id: string,
  said: { reportedAt: Date; reportNumber: string | null; lateReason: string | null },
): Promise<void> {
  const step = { kind: 'reported', act: 'breach.reported' };
  return moveOn(scope, deps, id, step, async () => ({
    ...said,
    ...{ unreportedAt: null, unreportedReason: null },
  }));
}

/** To the authority of people abroad. */
export function reportAbroad(
  scope: Scope,
  deps: Deps,
  id: string,
  country: string,
  said: Pick<Abroad, 'reportNumber' | 'lateReason'> & { reportedAt: Date },
): Promise<void> {
  const step = { kind: 'reported', act: 'breach.reported' };
  return moveOn(scope, deps, id, step, async (_own, { abroad }) => {
    if (!abroad.some((one) => one.country === country)) throw notFound('authority', country);
    const there = { ...said, reportedAt: said.reportedAt.toISOString() };
    const all = abroad.map((one) => (one.country === country ? { ...one, ...there } : one));
    return { abroad: all, unreportedAt: null, unreportedReason: null };
  });
}

/** The register must show why there was no risk (GDPR 33(5)). */
export function leaveUnreported(
  scope: Scope,
  deps: Deps,
  id: string,
  reason: string,
): Promise<void> {
  const step = { kind: 'unreported', act: 'breach.unreported' };
  return moveOn(scope, deps, id, step, async (own, breach) => {
    if (breach.reportedAt) throw refused('privacy.breach-done', {});
    if (breach.risk !== 'none') throw refused('privacy.breach-has-risk', {});
    return { unreportedAt: breach.unreportedAt ?? own.now(), unreportedReason: reason };
  });
}

export function explainDelay(scope: Scope, deps: Deps, id: string, reason: string): Promise<void> {
  const step = { kind: 'explained', act: 'breach.explained' };
  return moveOn(scope, deps, id, step, async () => ({ lateReason: reason }));
}

export function tellPeople(
  scope: Scope,
  deps: Deps,
  id: string,
  said: { toldAt: Date; toldHow: string },
): Promise<void> {
  const step = { kind: 'told', act: 'breach.told' };
  return moveOn(scope, deps, id, step, async () => ({ ...said, untoldReason: null }));
}

export function leaveUntold(scope: Scope, deps: Deps, id: string, reason: string): Promise<void> {
  const step = { kind: 'untold', act: 'breach.untold' };
  return moveOn(scope, deps, id, step, async (_own, breach) => {
    if (breach.toldAt) throw refused('privacy.breach-done', {});
    return { untoldReason: reason };
  });
}

/** From then on nothing of it changes; so what the law wants decided must be. */
export function closeBreach(scope: Scope, deps: Deps, id: string): Promise<void> {
  const step = { kind: 'closed', act: 'breach.closed' };
  return moveOn(scope, deps, id, step, async (own, breach) => {
    if (!breach.risk) throw refused('privacy.breach-unjudged', {});
    const isUntold = breach.dueAt && !breach.reportedAt && !breach.unreportedAt;
    if (isUntold || isWaitingAbroad(breach)) {
      throw refused('privacy.breach-undecided', {});
    }
    if (isToTell(breachLaw(own, breach.knownAt), breach))
      throw refused('privacy.breach-untold', {});
    return { closedAt: own.now() };
  });
}

/** Answers how many were not named in it yet. */
export function namePeople(
  scope: Scope,
  deps: Deps,
  id: string,
  personIds: readonly string[],
): Promise<number> {
  return scope.write(async (own) => {
    demandOpen(await holdBreach(own, id), id);
    return nameAll(own, deps, id, personIds);
  });
}

export function unnamePerson(
  scope: Scope,
  deps: Deps,
  id: string,
  personId: string,
): Promise<void> {
  return scope.write(async (own) => {
    const { named } = demandOpen(await holdBreach(own, id), id);
    if (!(await deleteBreachPerson(own, id, personId))) throw notFound('person', personId);
    const change = { field: 'named', before: named, after: named - 1 };
    await insertBreachChange(own, id, 'unnamed', [change]);
    await tell(own, deps, 'breach.unnamed', id, personId);
  });
}

export function demandBreach(breach: Breach | undefined, id: string): Breach {
  if (!breach) throw notFound('breach', id);
  return breach;
}

async function nameAll(scope: Scope, deps: Deps, id: string, personIds: readonly string[]) {
  const before = demandBreach(await holdBreach(scope, id), id).named;
  let added = 0;
  // In one order, so that two who name the same people do not wait for each other.
  for (const personId of [...new Set(personIds)].sort()) {
    // Nobody erases them meanwhile; who is merged is named as who they are now.
    const held = await deps.mailboxes.hold(scope, personId);
    if (!held || !(await insertBreachPerson(scope, id, held))) continue;
    added += 1;
    await tell(scope, deps, 'breach.named', id, held);
  }
  const change = { field: 'named', before, after: before + added };
  if (added > 0) await insertBreachChange(scope, id, 'named', [change]);
  await followCountries(scope, deps, id, personIds);
  return added;
}

/** Whoever is named brings the clock of where they live along. */
async function followCountries(scope: Scope, deps: Deps, id: string, personIds: readonly string[]) {
  const breach = demandBreach(await holdBreach(scope, id), id);
  const people = await deps.people.findMany(scope, personIds);
  const countries = [...breach.abroad, ...people].map(({ country }) => country);
  const abroad = await clocksAbroad(scope, breach.knownAt, countries, breach.abroad);
  const changes = changesOf(breach, { abroad });
  if (changes.length === 0) return;
  await updateBreach(scope, id, { abroad });
  await insertBreachChange(scope, id, 'changed', changes);
}

async function dueOf(scope: Scope, knownAt: Date) {
  const { within, source } = breachLaw(scope, knownAt);
  if (!within) return { dueAt: null, dueSource: null };
  return { dueAt: await findEnd(scope, knownAt, within), dueSource: source };
}

async function moveOn(
  scope: Scope,
  deps: Deps,
  id: string,
  { kind, act }: { kind: string; act: string },
  decide: (own: Scope, breach: Breach) => Promise<Partial<BreachValues>>,
): Promise<void> {
  await scope.write(async (own) => {
    const breach = demandOpen(await holdBreach(own, id), id);
    const values = await decide(own, breach);
    const changes = changesOf(breach, values);
    if (changes.length === 0) return;
    await updateBreach(own, id, values);
    await insertBreachChange(own, id, kind, changes);
    await tell(own, deps, act, id);
  });
}

function demandOpen(breach: Breach | undefined, id: string): Breach {
  const found = demandBreach(breach, id);
  if (found.closedAt) throw refused('privacy.breach-closed', {});
  return found;
}

function changesOf(before: Partial<BreachValues>, after: Partial<BreachValues>): FieldChange[] {
  return (Object.keys(after) as (keyof BreachValues)[])
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}

function tell(scope: Scope, deps: Deps, act: string, id: string, personId?: string): Promise<void> {
  const subject = { type: 'breach', id };
  return deps.audit.record(scope, { act, subject, ...(personId && { personId }) });
}
