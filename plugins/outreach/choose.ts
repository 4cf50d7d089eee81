// What a reader gets, chosen by the link that only their letter holds: theirs alone, whoever else has the mailbox.
import type { Newsletter } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import { countChoiceOf } from './choose-count.ts';
import type { Deps } from './deps.ts';
import { purpose as counting } from './measure.ts';
import { findReaderAddress, noteLeft } from './recipient.sql.ts';
import type { StopLink } from './stop.ts';

const source = 'outreach.choose';
/** What a yes by e-mail is kept for. */
const purposes = ['newsletter', 'campaign'];

export interface Choice extends Newsletter {
  isOn: boolean;
}

type Said = 'keep' | 'stop' | 'count';
/** The words that are shown, and kept with what is said by them. */
export const wordingOf = (scope: Scope, of: Said): string =>
  scope.t(`outreach.choose.wording.${of}`, { organization: scope.organization.name });

/** `undefined` for whom the scope's organization does not see. */
export async function choicesOf(
  scope: Scope,
  deps: Deps,
  link: StopLink,
): Promise<Choice[] | undefined> {
  const person = await deps.people.find(scope, link.personId);
  if (!person) return undefined;
  const on = await deps.newsletters.of(scope, person.id);
  const off = (await addressOf(scope, deps, link)) ? await openTo(scope, deps, link) : [];
  const isOn = new Set(on.map(({ id }) => id));
  return [
    ...on.map((one) => ({ ...one, isOn: true })),
    ...off.filter(({ id }) => !isOn.has(id)).map((one) => ({ ...one, isOn: false })),
  ].sort((a, b) => a.name.localeCompare(b.name, scope.locale));
}

/** A yes to an organization above is not this one's to take. */
async function openTo(scope: Scope, deps: Deps, link: StopLink): Promise<Newsletter[]> {
  const { id: own, path } = scope.organization;
  const above = path.split('.').filter((id) => id !== own);
  const listed = await deps.newsletters.list(scope);
  const { newsletterId } = link;
  const read = newsletterId ? await deps.newsletters.find(scope, newsletterId) : undefined;
  const all = new Map([...listed, ...(read ? [read] : [])].map((one) => [one.id, one]));
  return [...all.values()].filter(({ organizationId }) => !above.includes(organizationId));
}

/** Where the letter went, while it is still theirs: from nowhere else is a yes proven. */
async function addressOf(scope: Scope, deps: Deps, link: StopLink): Promise<string | undefined> {
  const address = await findReaderAddress(scope, link.recipientId, link.personId);
  const person = await deps.people.find(scope, link.personId);
  return person?.emailAddresses.find((one) => one === address?.toLowerCase());
}

export type Chosen = 'saved' | 'never-again' | 'not-counted' | 'gone';

/** `shown`: what stood on the page, so that nothing is left that the reader never saw. */
export function choose(
  scope: Scope,
  deps: Deps,
  link: StopLink,
  { shown, wanted }: { shown: readonly string[]; wanted: readonly string[] },
): Promise<Chosen> {
  return scope.write(async (own) => {
    const choices = await choicesOf(own, deps, link);
    if (!choices) return 'gone';
    const joined = choices.filter(({ id, isOn }) => !isOn && wanted.includes(id));
    const left = choices.filter(
      ({ id, isOn }) => isOn && shown.includes(id) && !wanted.includes(id),
    );
    if (joined.length > 0 && !(await join(own, deps, link, joined))) return 'never-again';
    await leave(own, deps, link, left);
    const after = await deps.newsletters.of(own, link.personId);
    if (left.length > 0 && after.length === 0)
      await withdraw(own, deps, link, 'keep', ['newsletter']);
    if (joined.length + left.length > 0) await note(own, deps, link, 'reader.chose');
    return 'saved';
  });
}

/** Every newsletter, and every yes to e-mail; the same twice is the same. */
export function stopEvery(scope: Scope, deps: Deps, link: StopLink): Promise<Chosen> {
  return scope.write(async (own) => {
    const person = await deps.people.find(own, link.personId);
    if (!person) return 'gone';
    const said = await deps.consents.current(own, person.id);
    const on = await deps.newsletters.of(own, person.id);
    const mail = said.filter(({ channel }) => channel === 'email');
    const counted = (await countChoiceOf(own, deps, link))?.isOn ? [counting] : [];
    const asked = [...new Set([...purposes, ...mail.map(({ purpose }) => purpose), ...counted])];
    const open = asked.filter((purpose) => {
      const last = mail.find((one) => one.purpose === purpose);
      return on.length > 0 || !last || last.given;
    });
    await leave(own, deps, link, on);
    await withdraw(own, deps, link, 'stop', open);
    if (open.length > 0) await note(own, deps, link, 'reader.stopped');
    return 'saved';
  });
}

/** Apart from the newsletters: a yes, or a no, to being counted; what stands already is not said again. */
export function chooseCounting(
  scope: Scope,
  deps: Deps,
  link: StopLink,
  isWanted: boolean,
): Promise<Chosen> {
  return scope.write(async (own) => {
    if (!(await deps.people.find(own, link.personId))) return 'gone';
    const choice = await countChoiceOf(own, deps, link);
    if (choice?.isOn === isWanted) return 'saved';
    // A no holds also where it was switched off while the page was open.
    if (!isWanted) await withdraw(own, deps, link, 'count', [counting]);
    else if (!choice || !(await agreeToCounting(own, deps, link))) return 'not-counted';
    await note(own, deps, link, 'reader.chose');
    return 'saved';
  });
}

async function agreeToCounting(scope: Scope, deps: Deps, link: StopLink): Promise<boolean> {
  if (!(await addressOf(scope, deps, link))) return false;
  const { personId, recipientId } = link;
  await deps.consents.give(scope, {
    ...{ personId, channel: 'email', purpose: counting, source, locale: scope.locale },
    wording: wordingOf(scope, 'count'),
    evidence: { letter: recipientId, confirmedAt: scope.now().toISOString() },
  });
  return true;
}

/** `false`: to none of it, for the address is never to be written to again. */
async function join(
  scope: Scope,
  deps: Deps,
  link: StopLink,
  joined: readonly Choice[],
): Promise<boolean> {
  const { personId, recipientId } = link;
  const address = await addressOf(scope, deps, link);
  if (!address || (await deps.consents.isSuppressedForGood(scope, 'email', address))) return false;
  for (const { id, name, organizationId } of joined) {
    await deps.consents.give(scope, {
      ...{ personId, channel: 'email', purpose: 'newsletter', source, locale: scope.locale },
      wording: wordingOf(scope, 'keep'),
      // The link went to their mailbox alone, and they pressed: as much as a confirmed sign-up shows.
      evidence: { letter: recipientId, newsletter: name, confirmedAt: scope.now().toISOString() },
      ...(organizationId !== scope.organization.id && { organizationId }),
    });
    await deps.newsletters.subscribe(scope, personId, id);
  }
  await deps.consents.comeBack(scope, personId, 'email', address);
  return true;
}

async function leave(
  scope: Scope,
  deps: Deps,
  { personId, newsletterId, recipientId }: StopLink,
  left: readonly Newsletter[],
): Promise<void> {
  for (const { id } of left) {
    await deps.newsletters.unsubscribe(scope, personId, id);
    if (id === newsletterId) await noteLeft(scope, recipientId, personId);
  }
}

async function withdraw(
  scope: Scope,
  deps: Deps,
  { personId, recipientId }: StopLink,
  of: Said,
  asked: readonly string[],
): Promise<void> {
  for (const purpose of asked) {
    await deps.consents.withdraw(scope, {
      ...{ personId, channel: 'email', purpose, source, locale: scope.locale },
      ...{ wording: wordingOf(scope, of), evidence: { letter: recipientId } },
    });
  }
}

function note(scope: Scope, deps: Deps, link: StopLink, act: string): Promise<void> {
  const { personId, newsletterId } = link;
  const subject = newsletterId
    ? { type: 'newsletter', id: newsletterId }
    : { type: 'person', id: personId };
  return deps.audit.record(scope, { act, personId, subject });
}
