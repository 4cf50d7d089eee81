// Nothing more to a person, on any channel: their objection, or what stays of a no once they are erased.
import { notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ConsentFields } from './index.ts';
import { makeNewsletters } from './newsletter.ts';
import { stop } from './no.ts';
import { holdPerson } from './person.sql.ts';
import { findWays } from './profile.sql.ts';
import { findGiven, findLetters } from './stop-all.sql.ts';

/** `withdraw` comes from the ledger, which knows this verb too. */
export function stopAll(
  scope: Scope,
  deps: Deps,
  personId: string,
  why: 'objection' | 'erased',
  withdraw: (scope: Scope, fields: ConsentFields) => Promise<unknown>,
): Promise<void> {
  return scope.write(async (own) => {
    const person = await holdPerson(own, personId);
    if (!person) throw notFound('person', personId);
    const said = { locale: own.locale, source: `rights.${why}`, wording: '', evidence: {} };
    const stood = await findGiven(own, person.id);
    for (const each of [...stood, ...(why === 'objection' ? everyWay : [])]) {
      await withdraw(own, { ...each, ...said, personId: person.id });
    }
    for (const letter of await findLetters(own, person.id)) {
      await makeNewsletters(deps).unsubscribe(own, person.id, letter);
    }
    await stopAddresses(own, deps, person.id, why);
  });
}

/** Also what was never asked of them: an objection holds for post, and for a number that comes later (GDPR 21(3)). */
const everyWay = [
  ...['email', 'sms', 'voice', 'call', 'post'].map((channel) => ({ channel, purpose: 'campaign' })),
  { channel: 'targeting', purpose: 'targeting' },
];

export async function stopAddresses(
  scope: Scope,
  deps: Deps,
  personId: string,
  reason: 'objection' | 'erased',
): Promise<void> {
  const ways = await findWays(scope, personId);
  const all = [
    ...ways.emailAddresses.map(({ address }) => ({ kind: 'email', address })),
    ...ways.phoneNumbers.map(({ address }) => ({ kind: 'phone', address })),
  ];
  for (const way of all) await stop(scope, deps, { ...way, personId, reason });
}
