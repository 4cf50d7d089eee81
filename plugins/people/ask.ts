// "Imported, no proof yet": the way out is to ask the mailbox, once, and to take its silence for a no.
import { refused, type Scope } from 'rostra/plugin';
import { markAsked } from './ask.sql.ts';
import { type ContactRow, findContacts } from './contact.sql.ts';
import { contactabilityOf, knownOf } from './contact.ts';
import type { Deps } from './deps.ts';
import { findClaims } from './import-claim.sql.ts';
import type { ReachAct, SignUpDesk } from './index.ts';
import { findNewsletters } from './newsletter.sql.ts';
import { findPeople, findPerson, type PersonRow } from './person.sql.ts';
import { findNextStretch, findReachable } from './reach.sql.ts';
import { planOf } from './reach-plan.ts';
import type { Desks } from './routes/stand.ts';

/** What a claim is about: mail of the party, whatever it is called in the list. */
export const claimed: ReachAct = { channel: 'email', purpose: 'campaign' };

/** So many are looked at in one run of the job; the next one goes on behind them. */
const stretch = 2_000;

/** Queued; the job goes through all whom a list says that they agreed and who were not asked. */
export function askAll(scope: Scope, deps: Deps): Promise<void> {
  return scope.write(async (own) => {
    await deps.audit.record(own, { act: 'consent.asked-again' });
    await deps.jobs.add(own, 'ask', { after: '0' }, { key: `people.ask.${own.organization.id}` });
  });
}

/** One stretch of all. */
export async function runAsk(scope: Scope, deps: Deps, desks: Desks, after: string): Promise<void> {
  const until = await findNextStretch(scope, after, stretch);
  const desk = await openDesk(scope, desks);
  if (until === undefined || !desk) return;
  const ids = await findReachable(scope, planOf(scope.law, claimed), { after, until }, 'claimed');
  for (const person of await findPeople(scope, ids)) await ask(scope, desk, person);
  await deps.jobs.add(scope, 'ask', { after: until });
}

/** One person, at once. */
export async function askOne(
  scope: Scope,
  deps: Deps,
  desks: Desks,
  personId: string,
): Promise<boolean> {
  const person = await findPerson(scope, personId);
  const desk = await openDesk(scope, desks);
  if (!desk) throw refused('people.no-desk', {});
  if (!person || !(await isClaimed(scope, person))) return false;
  if (!(await ask(scope, desk, person))) return false;
  await deps.audit.record(scope, {
    ...{ act: 'consent.asked-again', personId: person.id },
    subject: { type: 'person', id: person.id },
  });
  return true;
}

async function isClaimed(scope: Scope, person: PersonRow): Promise<boolean> {
  const answers = contactabilityOf(scope, await knownOf(scope, person));
  const { channel, purpose } = claimed;
  return answers.some(
    ({ act, why }) => act.channel === channel && act.purpose === purpose && why === 'claimed',
  );
}

export async function openDesk(scope: Scope, desks: Desks): Promise<SignUpDesk | undefined> {
  const [desk] = desks(scope);
  return desk && (await desk.service.path(scope)) !== undefined ? desk.service : undefined;
}

/** Marked before the mail is written: whoever stops in between leaves somebody unasked, never asked twice. */
async function ask(scope: Scope, desk: SignUpDesk, person: PersonRow): Promise<boolean> {
  const ways = await findContacts(scope, person.id);
  const isOpen = (way: ContactRow) =>
    way.kind === 'email' && way.status === 'ok' && !way.isSuppressed;
  const emailAddress = ways.find(isOpen)?.address;
  if (!emailAddress) return false;
  const origins = await findClaims(scope, person.id);
  const marked = await scope.aside((own) => markAsked(own, [person.id]));
  if (!marked.some(({ channel }) => channel === 'email')) return false;
  const { consents, newsletters } = await wordsFor(scope);
  await desk.claim(scope, {
    ...{ emailAddress, consents, newsletters, again: { personId: person.id } },
    ...(person.givenName && { givenName: person.givenName }),
    evidence: {
      ...{ collected: 'asked-again', askedAt: scope.now().toISOString() },
      list: origins.map(({ origin }) => origin ?? '').join(', '),
    },
  });
  return true;
}

/** One thing, in its own words: the letter, which may then go to them; messages of the party where there is none. */
async function wordsFor(scope: Scope) {
  const party = scope.organization.legal.controller ?? scope.organization.name;
  const [letter] = await findNewsletters(scope);
  const channel = 'email';
  if (!letter) {
    const wording = scope.t('people.ask.wording', { party });
    return { consents: [{ channel, purpose: 'campaign', wording }], newsletters: [] };
  }
  const wording = scope.t('people.stand.wording.email', { party, newsletter: letter.name });
  return { consents: [{ channel, purpose: 'newsletter', wording }], newsletters: [letter.id] };
}
