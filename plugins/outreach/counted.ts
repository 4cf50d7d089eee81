// A reader who is counted opens a message or follows a link of it: known by a mark that only their message holds.
import type { Scope } from 'rostra/plugin';
import { findChannel } from './channel.ts';
import type { Deps } from './deps.ts';
import { findMeasured, type Measured, noteReading } from './measure.sql.ts';
import { groundOf, purpose } from './measure.ts';

/** As plugin.json tells it: who it was is forgotten so many days after, and nobody is counted who comes later. */
export const keptDays = 90;

export interface CountedLink {
  recipientId: string;
  sendId: string;
  /** ISO 3166-1, where the reader lived when it was written. */
  country?: string;
}

/** `undefined` for what we never wrote. */
export async function openCounted(
  scope: Scope,
  { seals }: Deps,
  mark: string,
): Promise<CountedLink | undefined> {
  const text = await seals.open(scope, mark).catch(() => '');
  const [, recipientId, sendId, country] = /^counted:(\d+):(\d+):([A-Z]{2})?$/.exec(text) ?? [];
  if (!recipientId || !sendId) return undefined;
  return { recipientId, sendId, ...(country && { country }) };
}

/** The same twice is once. Whoever withdrew meanwhile, or lives where it is not lawful any more, is led and not counted. */
export async function count(
  scope: Scope,
  deps: Deps,
  link: CountedLink,
  place?: number,
): Promise<void> {
  const known = await findMeasured(scope, link.recipientId, daysBefore(scope, keptDays));
  if (!known) return;
  const isCounted = place === undefined ? known.places : known.places?.includes(place);
  if (isCounted || !(await mayCount(scope, deps, known, link))) return;
  await scope.write((own) => noteReading(own, link.recipientId, place));
}

export function daysBefore(scope: Scope, days: number): Date {
  return new Date(scope.now().getTime() - days * 24 * 60 * 60_000);
}

async function mayCount(
  scope: Scope,
  deps: Deps,
  { organizationId, channel, personId, consentId }: Measured,
  { country }: CountedLink,
): Promise<boolean> {
  const info = (await findChannel(scope, deps, channel))?.info;
  if (!info?.canCount) return false;
  const about = { channel: info.reach, purpose, organizationId };
  const [last] = await deps.consents.last(scope, [personId], about);
  if (last ? !last.given : consentId !== null) return false;
  // The law of a chapter is looked at each minute by itself; here it is the site's.
  if (organizationId !== scope.organization.id) return true;
  return groundOf(scope.law, info.reach, country, last && 'yes') !== undefined;
}
