// The chain's arithmetic: what is hashed, and in which order.
import { createHash } from 'node:crypto';

/** The parts of a row that the chain vouches for; none of them is personal. */
export interface Link {
  position: string;
  organizationId: string;
  at: Date;
  plugin: string;
  act: string;
  actorKind: string;
  actorId: string | null;
  subjectType: string | null;
  subjectId: string | null;
  detailDigest: Buffer;
}

export interface Detail {
  actorName: string | undefined;
  details: unknown;
}

export const genesis: Buffer = createHash('sha256').update('rostra audit').digest();

export function linkHash(previous: Buffer, link: Link): Buffer {
  const words = [
    link.position,
    link.organizationId,
    link.at.toISOString(),
    link.plugin,
    link.act,
    link.actorKind,
    link.actorId,
    link.subjectType,
    link.subjectId,
    link.detailDigest.toString('hex'),
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(words)).digest();
}

/** Without the salt the values cannot be guessed from it. */
export function detailDigest(salt: Buffer, { actorName, details }: Detail): Buffer {
  const text = JSON.stringify([actorName ?? null, sorted(details)]);
  return createHash('sha256').update(salt).update(text).digest();
}

/** As it comes back from the database: plain JSON, without the one character that it cannot hold. */
export function plain(details: Record<string, unknown> | undefined): Record<string, unknown> {
  return JSON.parse(JSON.stringify(details ?? {}).replaceAll('\\u0000', ''));
}

/** jsonb keeps no order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
