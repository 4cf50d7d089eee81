// Newsletters: what a person may subscribe to, and that they did.
import { invalid, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Newsletter, Newsletters } from './index.ts';
import {
  endSubscription,
  findNewsletter,
  findNewsletters,
  findSubscriptions,
  insertNewsletter,
  insertSubscription,
  type NewsletterRow,
  updateNewsletter,
} from './newsletter.sql.ts';
import { noteLeft } from './no.ts';
import { findPerson, holdPerson } from './person.sql.ts';
import { insertTimeline } from './story.sql.ts';

export function makeNewsletters(deps: Pick<Deps, 'subjects'>): Newsletters {
  return {
    async list(scope) {
      const rows = await findNewsletters(scope);
      return rows.map(told);
    },
    async find(scope, id) {
      const row = await findNewsletter(scope, id);
      return row && told(row);
    },
    async of(scope, personId) {
      const person = await findPerson(scope, personId);
      const rows = person ? await findSubscriptions(scope, person.id) : [];
      return rows.map(({ since, ...row }) => told(row));
    },
    subscribe: (scope, personId, newsletterId) =>
      scope.write(async (own) => {
        const { person, newsletter } = await bothOf(own, personId, newsletterId);
        const begun = await insertSubscription(own, person, newsletter.id);
        if (begun > 0) await tell(own, person, 'people.timeline.subscribed', newsletter.name);
      }),
    unsubscribe: (scope, personId, newsletterId) =>
      scope.write(async (own) => {
        const { person, newsletter } = await bothOf(own, personId, newsletterId);
        const ended = await endSubscription(own, person, newsletter.id);
        if (ended === 0) return;
        await tell(own, person, 'people.timeline.unsubscribed', newsletter.name);
        await noteLeft(own, deps, person, newsletter.id);
      }),
  };
}

const told = ({ organization: organizationId, ...rest }: NewsletterRow): Newsletter => ({
  ...rest,
  organizationId,
});

async function bothOf(scope: Scope, personId: string, newsletterId: string) {
  const person = await holdPerson(scope, personId);
  if (!person) throw notFound('person', personId);
  const newsletter = await findNewsletter(scope, newsletterId);
  if (!newsletter) throw notFound('newsletter', newsletterId);
  return { person: person.id, newsletter };
}

function tell(scope: Scope, personId: string, kind: string, newsletter: string): Promise<void> {
  return insertTimeline(scope, [personId], { kind, params: { newsletter } });
}

export interface NewsletterFields {
  name: string;
  description?: string;
}

export function createNewsletter(
  scope: Scope,
  deps: Deps,
  { name, description = '' }: NewsletterFields,
): Promise<string> {
  return scope.write(async (own) => {
    const key = keyOf(name);
    const id = key && (await insertNewsletter(own, { key, name, description }));
    if (!id) throw invalid([{ path: '/name', message: 'people.fault.newsletter' }]);
    await deps.audit.record(own, {
      act: 'newsletter.created',
      subject: { type: 'newsletter', id },
    });
    return id;
  });
}

export function changeNewsletter(
  scope: Scope,
  deps: Deps,
  id: string,
  { name, description = '' }: NewsletterFields,
): Promise<void> {
  return scope.write(async (own) => {
    const changed = await updateNewsletter(own, id, { name, description });
    if (changed === 0) throw notFound('newsletter', id);
    await deps.audit.record(own, {
      act: 'newsletter.changed',
      subject: { type: 'newsletter', id },
    });
  });
}

/** `Lettre d'été` is `lettre-d-ete` in addresses. */
function keyOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}
