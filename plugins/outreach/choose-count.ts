// Whether a reader lets themselves be counted, said by the link that only their letter holds, apart from all else they choose.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findMeasurer } from './measure.sql.ts';
import { groundOf, purpose } from './measure.ts';
import type { StopLink } from './stop.ts';

export interface CountChoice {
  /** They are counted from the next letter on. */
  isOn: boolean;
  /** Their law lets it be until they say no. */
  isByLaw: boolean;
}

/** `undefined` where nobody is counted, or they could not be whatever they say. */
export async function countChoiceOf(
  scope: Scope,
  deps: Deps,
  { recipientId, personId }: StopLink,
): Promise<CountChoice | undefined> {
  const from = await findMeasurer(scope, recipientId);
  const person = from && (await deps.people.find(scope, personId));
  if (!person || from.channel !== 'email') return undefined;
  const { channel, organizationId } = from;
  const [last] = await deps.consents.last(scope, [person.id], { channel, purpose, organizationId });
  const isLawful = (word: 'yes' | undefined) =>
    groundOf(scope.law, channel, person.country, word) !== undefined;
  if (!isLawful('yes')) return undefined;
  const isByLaw = isLawful(undefined);
  return { isOn: last ? last.given : isByLaw, isByLaw };
}
