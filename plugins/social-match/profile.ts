// What a person's page shows of social matching: whether it may be done, how the search stands, what was found.
import type { Reason, Scope } from 'rostra/plugin';
import { type CandidateRow, findCandidatesOf } from './candidate.sql.ts';
import type { Deps } from './deps.ts';
import { decideIfAgreed, findConsent } from './ground.ts';
import { findSearch, type SearchRow } from './search.sql.ts';

export interface Profile {
  personId: string;
  name: string;
  candidates: CandidateRow[];
  search: SearchRow | undefined;
  hasAgreed: boolean;
  /** Why the law says no for this person, whatever she says. */
  refusal: Reason | undefined;
  mayFind: boolean;
  maySettle: boolean;
}

export async function profileOf(
  scope: Scope,
  deps: Deps,
  personId: string,
): Promise<Profile | undefined> {
  const person = await deps.people.find(scope, personId);
  if (!person) return undefined;
  const decision = decideIfAgreed(scope, person);
  return {
    personId: person.id,
    name: person.displayName,
    candidates: await findCandidatesOf(scope, person.id),
    search: await findSearch(scope, person.id),
    hasAgreed: (await findConsent(scope, deps, person.id)) !== undefined,
    refusal:
      decision.effect === 'deny'
        ? decision.reasons.find((reason) => reason.effect === 'deny')
        : undefined,
    mayFind: scope.may('social-match.candidate.find'),
    maySettle: scope.may('social-match.candidate.settle'),
  };
}
