// On what ground a person's profile may be looked for: the law, asked for that person, and the person's consent.

import type { Person } from 'rostra/people';
import { type Decision, notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';

/** How the person agreed, in the ledger of people. */
export const agreement = { channel: 'social', purpose: 'social_match' } as const;

export interface Ground {
  decision: Decision;
  consentId: string;
}

/** Throws the refusal, with its rule, when the law or the person says no. */
export async function demandGround(scope: Scope, deps: Deps, person: Person): Promise<Ground> {
  const consentId = await findConsent(scope, deps, person.id);
  const decision = scope.law.demand(questionOf(person, consentId !== undefined));
  // Also where no law asks for it: the person is asked first, everywhere.
  if (!consentId) throw refused('social-match.no-consent', { personId: person.id });
  return { decision, consentId };
}

/** Whether the law would let it be done once the person agrees. */
export function decideIfAgreed(scope: Scope, person: Person): Decision {
  return scope.law.decide(questionOf(person, true));
}

function questionOf({ country }: Person, hasAgreed: boolean) {
  return {
    capability: 'enrich.social',
    person: country ? { country } : {},
    met: hasAgreed ? ['consent.social_match'] : [],
  };
}

/** The consent that stands; `undefined` when the last word is no, or there is none. */
export async function findConsent(
  scope: Scope,
  { consents }: Deps,
  personId: string,
): Promise<string | undefined> {
  const { channel, purpose } = agreement;
  if (!(await consents.holds(scope, personId, channel, purpose))) return undefined;
  const current = await consents.current(scope, personId);
  return current.find((one) => one.channel === channel && one.purpose === purpose && one.given)?.id;
}

export async function demandPerson(scope: Scope, deps: Deps, personId: string): Promise<Person> {
  const person = await deps.people.find(scope, personId);
  if (!person) throw notFound('person', personId);
  return person;
}
