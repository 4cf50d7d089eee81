// Election silence, as a worker that sends to many looks at it: in memory, before each message and while it is on its way.
import { silencedAt } from '../law/silence.ts';
import type { Scope } from '../scope.ts';
import type { ElectionWindow, Silence, Silenced } from '../services.ts';

/** What a message to many is, in the vocabulary; a single one answers a person, and goes. */
export const actsToMany = ['message.email', 'newsletter.send'];

export interface Hush {
  /** What keeps the next message from being begun. */
  (): Promise<Silenced | undefined>;
  /** Runs it with a signal that is aborted just before silence begins, whatever the server is doing then. */
  during<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** A server may take so long over one message, in milliseconds: what is begun earlier is taken before silence begins. */
const longest = 30_000;
const freshFor = 500;
const lookEvery = 250;

/**
 * The calendar is read twice a second, so that an election entered meanwhile stops what waits and what is on its way
 * within a second.
 */
export function listenForSilence(silence: Silence, scope: Scope): Hush {
  let windows: Promise<ElectionWindow[]> | undefined;
  let readAt = 0;
  const within = async (ahead: number): Promise<Silenced | undefined> => {
    const now = scope.now();
    if (!windows || Math.abs(now.getTime() - readAt) >= freshFor) {
      readAt = now.getTime();
      windows = silence.windows(scope, { when: now });
    }
    const known = await windows;
    const soon = new Date(now.getTime() + ahead);
    return silencedAt(known, now, actsToMany) ?? silencedAt(known, soon, actsToMany);
  };
  const during: Hush['during'] = async (send) => {
    const cut = new AbortController();
    const look = async (): Promise<void> => {
      if (await within(2 * lookEvery)) cut.abort();
    };
    // While nobody can tell, what is on its way goes on: it was begun in time, and the next is not begun.
    const timer = setInterval(() => void look().catch(() => {}), lookEvery);
    return send(cut.signal).finally(() => clearInterval(timer));
  };
  return Object.assign(() => within(longest), { during });
}
