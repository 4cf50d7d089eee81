// The verbs: an offer is made, told in the person's story, and closed when nobody took it up.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { OfferSettings } from './index.ts';
import { closeOffersBefore, insertOffer, markTold } from './offer.sql.ts';

const day = 24 * 3600 * 1000;

export interface NewOffer {
  /** What the sender calls it: one that comes twice is taken once. */
  reference: string;
  emailAddress: string;
  text: string;
}

/** Person, offer and event enter together or not at all. */
export async function makeOffer(scope: Scope, deps: Deps, offer: NewOffer): Promise<void> {
  await scope.write(async (own) => {
    const { emailAddress, reference, text } = offer;
    const person = await deps.people.upsert(own, { emailAddress, source: 'example.hook' });
    const offerId = await insertOffer(own, { personId: person.id, reference, text });
    if (!offerId) return;
    await deps.events.emit(own, 'example.offer.made', { offerId });
    // Pages that show how many there are.
    await deps.cache.drop(own);
  });
}

/** A listener may run twice: the mark and the line are written in one transaction. */
export async function tellStory(scope: Scope, deps: Deps, offerId: string): Promise<void> {
  await scope.write(async (own) => {
    const personId = await markTold(own, offerId);
    if (personId) await deps.people.note(own, personId, { kind: 'example.timeline.offered' });
  });
}

/** The job, once a night for each organization that has the plugin on. */
export async function closeOldOffers(scope: Scope, deps: Deps): Promise<void> {
  const { openDays } = await deps.settings.read<OfferSettings>(scope);
  const before = new Date(scope.now().getTime() - openDays * day);
  await scope.write(async (own) => {
    await closeOffersBefore(own, before);
    await deps.cache.drop(own);
  });
}
