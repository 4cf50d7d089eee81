// Times as an editor types them: without zone, meant in the organization's own.
import { toLocal } from 'rostra/plugin';

/** The moment at which a clock in that zone shows it; in the hour that summer takes away, the one after. */
export function fromLocal(local: string, timeZone: string): Date | undefined {
  const asUtc = new Date(`${local.slice(0, 16)}:00Z`);
  if (Number.isNaN(asUtc.getTime())) return undefined;
  const first = new Date(asUtc.getTime() - offsetOf(asUtc, timeZone));
  return new Date(asUtc.getTime() - offsetOf(first, timeZone));
}

function offsetOf(at: Date, timeZone: string): number {
  const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  return new Date(`${toLocal(minute, timeZone)}:00Z`).getTime() - minute.getTime();
}
