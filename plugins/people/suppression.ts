// "Never again to this address": beats every consent, survives erasure and merge.
import { notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { stop } from './no.ts';
import { holdPerson } from './person.sql.ts';
import { findWays } from './profile.sql.ts';
import { insertTimeline } from './story.sql.ts';
import {
  deleteSuppression,
  deleteUnsubscribed,
  type SuppressionReason,
} from './suppression.sql.ts';

export interface Way {
  personId: string;
  kind: 'email' | 'phone';
  address: string;
}

export function suppress(
  scope: Scope,
  deps: Deps,
  way: Way & { reason: SuppressionReason },
): Promise<void> {
  return scope.write(async (own) => {
    const personId = await ownerOf(own, way);
    await stop(own, deps, { ...way, personId });
    await tell(own, deps, personId, 'suppressed', { kind: way.kind, reason: way.reason });
  });
}

/** For a mistake of staff; what the person has asked for is not lifted by anybody else. */
export function liftSuppression(
  scope: Scope,
  deps: Deps,
  way: Way & { why: string },
): Promise<void> {
  return scope.write(async (own) => {
    const personId = await ownerOf(own, way);
    const lifted = await deleteSuppression(own, personId, way.kind, way.address);
    if (lifted === 0) throw refused('people.not-liftable', {});
    await tell(own, deps, personId, 'lifted', { kind: way.kind, why: way.why });
  });
}

/** By the person's own new consent, from the address itself; staff have `liftSuppression`. */
export function liftUnsubscribed(scope: Scope, deps: Deps, way: Way): Promise<void> {
  return scope.write(async (own) => {
    const personId = await ownerOf(own, way);
    if ((await deleteUnsubscribed(own, personId, way.kind, way.address)) === 0) return;
    await tell(own, deps, personId, 'lifted', { kind: way.kind, why: 'came-back' });
  });
}

const acts = { suppressed: 'address.suppressed', lifted: 'address.suppression-lifted' } as const;

async function tell(
  scope: Scope,
  deps: Deps,
  personId: string,
  what: keyof typeof acts,
  details: { kind: Way['kind']; [name: string]: string },
): Promise<void> {
  const { kind } = details;
  await insertTimeline(scope, [personId], { kind: `people.timeline.${what}`, params: { kind } });
  const subject = { type: 'person', id: personId };
  await deps.audit.record(scope, { act: acts[what], subject, personId, details });
}

async function ownerOf(scope: Scope, way: Way): Promise<string> {
  const person = await holdPerson(scope, way.personId);
  if (!person) throw notFound('person', way.personId);
  const ways = await findWays(scope, person.id);
  const list = way.kind === 'email' ? ways.emailAddresses : ways.phoneNumbers;
  if (!list.some((known) => known.address === way.address)) throw notFound('address');
  return person.id;
}
