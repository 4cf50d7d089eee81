// The hours for which somebody agreed to be called: as the ledger holds them, and whether they are now.
import type { Scope } from 'rostra/plugin';

/** On the organization's clock, e.g. `18:00` to `20:00` of each day. */
export interface CallWindow {
  from: string;
  until: string;
}

const time = '([01][0-9]|2[0-3]):[0-5][0-9]';
/** As the evidence of a consent holds them under `window`: `18:00-20:00`. PostgreSQL reads it alike. */
export const windowPattern = `^${time}-${time}$`;
const written = new RegExp(windowPattern);

export function windowOf(
  evidence: Record<string, string> | null | undefined,
): CallWindow | undefined {
  const text = evidence?.['window'];
  if (text === undefined || !written.test(text)) return undefined;
  return { from: text.slice(0, 5), until: text.slice(6) };
}

export function isOpen(scope: Scope, { from, until }: CallWindow): boolean {
  const { timeZone } = scope.organization;
  const shape = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const now = new Intl.DateTimeFormat('en-GB', shape).format(scope.now());
  return from <= now && now < until;
}
