// After a restore: what people said no to since the backup, said again.
import type { Scope } from 'rostra/plugin';
import { hasWithdrawn } from './consent.sql.ts';
import { makeConsents } from './consent.ts';
import type { Deps } from './deps.ts';
import { endSubscription } from './newsletter.sql.ts';
import { wordsOf } from './no.ts';
import { findPerson } from './person.sql.ts';
import { insertSuppression } from './suppression.sql.ts';

export async function sayNo(
  scope: Scope,
  deps: Deps,
  personId: string,
  said: string,
): Promise<void> {
  const [what, first = '', second = '', third = ''] = wordsOf(said);
  const person = await findPerson(scope, personId);
  if (what === 'stop') {
    // Holds for the address, also of one who came after the backup, or was erased.
    const stopped = { kind: first, hash: second, reason: third, personId: person?.id ?? null };
    await insertSuppression(scope, stopped);
  } else if (what === 'leave') {
    if (person) await endSubscription(scope, person.id, first);
  } else if (what === 'withdraw') {
    const fields = { channel: first, purpose: second, organizationId: third };
    if (person) await withdraw(scope, deps, { personId: person.id, ...fields });
  } else {
    throw new Error(`Nobody can say no in the words "${what}".`);
  }
}

async function withdraw(
  scope: Scope,
  deps: Deps,
  from: { personId: string; channel: string; purpose: string; organizationId: string },
): Promise<void> {
  if (await hasWithdrawn(scope, from)) return;
  await makeConsents(deps).withdraw(scope, {
    ...from,
    locale: scope.locale,
    source: 'restore',
    wording: '',
    evidence: {},
  });
}
