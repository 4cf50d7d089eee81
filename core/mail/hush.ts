// Election silence, as a worker that sends to many looks at it: in memory, before each message.
import { silencedAt } from '../law/silence.ts';
import type { Scope } from '../scope.ts';
import type { ElectionWindow, Silence, Silenced } from '../services.ts';

/** What a message to many is, in the vocabulary; a single one answers a person, and goes. */
export const actsToMany = ['message.email', 'newsletter.send'];

export interface Hush {
  /** What keeps the next message from being handed over. */
  (): Promise<Silenced | undefined>;
  /** The server took so long over a message, in milliseconds. */
  took(milliseconds: number): void;
}

const freshFor = 1000;
const leastAhead = 2000;

/**
 * The calendar is read once a second, so that an election entered meanwhile counts. It falls silent as long before
 * as the server has needed for a message, twice over: what is handed over must also be taken in time.
 */
export function listenForSilence(silence: Silence, scope: Scope): Hush {
  let windows: Promise<ElectionWindow[]> | undefined;
  let readAt = 0;
  let ahead = leastAhead;
  const ask = async (): Promise<Silenced | undefined> => {
    const now = scope.now();
    if (!windows || Math.abs(now.getTime() - readAt) >= freshFor) {
      readAt = now.getTime();
      windows = silence.windows(scope, { when: now });
    }
    const known = await windows;
    const soon = new Date(now.getTime() + ahead);
    return silencedAt(known, now, actsToMany) ?? silencedAt(known, soon, actsToMany);
  };
  const took = (milliseconds: number): void => {
    ahead = Math.max(ahead, 2 * milliseconds);
  };
  return Object.assign(ask, { took });
}
