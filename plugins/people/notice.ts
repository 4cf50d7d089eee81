// Whose data did not come from them is told whence within the law's time (GDPR art. 14): found, listed, written to.
import { dayOf, notFound, type Offer, type Scope } from 'rostra/plugin';
import { type ContactRow, findContacts } from './contact.sql.ts';
import type { Deps } from './deps.ts';
import type { NoticeCarrier, RightsDesk } from './index.ts';
import {
  findUnaskedCountries,
  findUntold,
  insertNotices,
  settleNotices,
  type Told,
} from './notice.sql.ts';
import { findPerson, type PersonRow } from './person.sql.ts';
import { findOrigins } from './provenance.sql.ts';
import { originInWords } from './provenance.ts';

export interface Notifiers {
  carriers(scope: Scope): Offer<NoticeCarrier>[];
  rightsDesks(scope: Scope): Offer<RightsDesk>[];
}

const batch = 500;

/** Once a night, for the whole party: who has to be told from now on, and who was by a message since. */
export async function watchNotices(scope: Scope, { carriers }: Notifiers): Promise<void> {
  if (scope.organization.parentId) return;
  await scope.write(async (own) => {
    for (const country of await findUnaskedCountries(own)) {
      const person = { country: country ?? undefined };
      const { value } = own.law.rule('notices.indirect.within', { person });
      if (value !== undefined) await insertNotices(own, { within: value, country });
    }
  });
  for (let after = '0'; ; ) {
    const ids = await findUntold(scope, after, batch);
    for (const { service } of carriers(scope)) {
      const told = (await service.told(scope, ids)).map(
        (one): Told => ({ ...one, how: 'message' }),
      );
      await scope.write((own) => settleNotices(own, told));
    }
    after = ids.at(-1) ?? after;
    if (ids.length < batch) return;
  }
}

/** Queued: the job writes to all who can be written to. */
export function tellAll(scope: Scope, deps: Deps): Promise<void> {
  return scope.write(async (own) => {
    await deps.audit.record(own, { act: 'notice.sent-all' });
    await deps.jobs.add(own, 'tell', { after: '0' }, { key: `people.tell.${own.organization.id}` });
  });
}

export async function runTell(
  scope: Scope,
  deps: Deps,
  notifiers: Notifiers,
  after: string,
): Promise<void> {
  const ids = await findUntold(scope, after, batch);
  const rights = await rightsPath(scope, notifiers);
  for (const id of ids) {
    const person = await findPerson(scope, id);
    if (person?.id === id) await tellOne(scope, deps, person, rights);
  }
  const last = ids.at(-1);
  if (ids.length === batch && last) await deps.jobs.add(scope, 'tell', { after: last });
}

/** Told by word of mouth, on paper, or not to be told for a reason that the law knows: in words that stay in the audit. */
export async function noteTold(scope: Scope, deps: Deps, id: string, words: string): Promise<void> {
  await scope.write(async (own) => {
    const told = { personId: id, at: own.now(), how: 'staff' } as const;
    if ((await settleNotices(own, [told])) === 0) throw notFound('person', id);
    const subject = { type: 'person', id };
    const details = { words };
    await deps.audit.record(own, { act: 'notice.told', subject, personId: id, details });
  });
}

/** The mail and that it was written, in one transaction: nobody gets it twice, and nobody is taken for told without. */
async function tellOne(
  scope: Scope,
  deps: Deps,
  person: PersonRow,
  rights: string | undefined,
): Promise<void> {
  const { id: personId, givenName, locale } = person;
  const isOpen = (way: ContactRow) =>
    way.kind === 'email' && way.status === 'ok' && !way.isSuppressed;
  const to = (await findContacts(scope, personId)).find(isOpen)?.address;
  if (!to) return;
  const origins = (await findOrigins(scope, personId)).map((one) => originInWords(scope, one));
  const { name, legal } = scope.organization;
  const { controller = name, address, contact } = legal;
  const data = {
    ...{ name: givenName ?? undefined, controller, rights },
    party: [controller, address, contact].filter(Boolean).join(', '),
    kept: origins.map(({ field, value, where }) => ({ field, value, where })),
  };
  await scope.write(async (own) => {
    const told = { personId, at: own.now(), how: 'mail' } as const;
    if ((await settleNotices(own, [told])) === 0) return;
    const message = { to, view: 'notice', data, personId, bulk: true };
    await deps.mail.send(own, { ...message, ...(locale && { locale }) });
  });
}

async function rightsPath(scope: Scope, { rightsDesks }: Notifiers): Promise<string | undefined> {
  for (const { service } of rightsDesks(scope)) {
    const path = await service.path(scope);
    if (path) return path;
  }
  return undefined;
}

export const today = (scope: Scope): string => dayOf(scope.now(), scope.organization.timeZone);
