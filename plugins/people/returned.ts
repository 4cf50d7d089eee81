// Messages that came back, and readers who called one unwanted: what follows for the address.
import type { Scope } from 'rostra/plugin';
import { isAddressSuppressed } from './consent.sql.ts';
import { makeConsents } from './consent.ts';
import type { Deps } from './deps.ts';
import type { Complaint, ReturnedMail, Returns } from './index.ts';
import { makeNewsletters } from './newsletter.ts';
import { stop } from './no.ts';
import { holdPerson } from './person.sql.ts';
import { lockAddress, markReturned, notePutOff } from './returned.sql.ts';
import { makeNumberReturns } from './returned-number.ts';
import { findGiven, findLetters } from './stop-all.sql.ts';
import { insertTimeline } from './story.sql.ts';

/** An address whose messages are put off so often, within so many days, leads nowhere. */
const putOffMost = 3;
const putOffDays = 30;
const dayMs = 24 * 3600_000;

export function makeReturns(deps: Deps): Returns {
  return {
    bounced: (scope, mail) => scope.write((own) => bounced(own, deps, mail)),
    complained: (scope, complaint) => scope.write((own) => complained(own, deps, complaint)),
    ...makeNumberReturns(deps),
  };
}

async function bounced(scope: Scope, deps: Deps, mail: ReturnedMail): Promise<void> {
  const person = await holdPerson(scope, mail.personId);
  if (!person) return;
  const returned = { ...mail, personId: person.id };
  // Whoever has another address by now has nothing to do with this one.
  if ((await lockAddress(scope, person.id, mail.address)) !== 'ok') return;
  if (!mail.isPermanent) {
    const since = new Date(scope.now().getTime() - putOffDays * dayMs);
    if ((await notePutOff(scope, returned, since)) < putOffMost) return;
  }
  const status = mail.isPermanent && mail.why === 'no-mailbox' ? 'bad' : 'bounced';
  await markReturned(scope, returned, status);
  await tell(scope, deps, person.id, { what: 'returned', why: mail.why });
  await deps.events.emit(scope, 'people.person.changed', { personId: person.id });
}

/** GDPR 21(3): a reader who calls it unwanted objects to it. */
async function complained(scope: Scope, deps: Deps, complaint: Complaint): Promise<void> {
  const person = await holdPerson(scope, complaint.personId);
  if (!person) return;
  const { address, evidence } = complaint;
  const isTheirs = (await lockAddress(scope, person.id, address)) !== undefined;
  const isHeard = await isAddressSuppressed(scope, 'email', address, 'for good');
  const said = { locale: scope.locale, source: 'complaint', wording: '', evidence };
  for (const given of await findGiven(scope, person.id)) {
    if (given.channel !== 'email') continue;
    await makeConsents(deps).withdraw(scope, { ...given, ...said, personId: person.id });
  }
  for (const letter of await findLetters(scope, person.id)) {
    await makeNewsletters(deps).unsubscribe(scope, person.id, letter);
  }
  if (isHeard) return;
  // Said from that mailbox: it holds for it, also when it is nobody's any more.
  const reason = 'complaint';
  if (isTheirs) await stop(scope, deps, { personId: person.id, kind: 'email', address, reason });
  await tell(scope, deps, person.id, { what: 'complained' });
}

async function tell(
  scope: Scope,
  deps: Deps,
  personId: string,
  { what, why }: { what: 'returned' | 'complained'; why?: string },
): Promise<void> {
  const params: Record<string, string> = why ? { why } : {};
  await insertTimeline(scope, [personId], { kind: `people.timeline.${what}`, params });
  await deps.audit.record(scope, {
    act: `address.${what}`,
    subject: { type: 'person', id: personId },
    personId,
    details: params,
  });
}
