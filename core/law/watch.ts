// Looks at the party's own packs every few seconds, in each process: an edit is in force within a minute.
import type { Log } from '../log.ts';
import type { Packs } from './pack.ts';

const lookEvery = 20_000;

interface Watching {
  packs: Packs;
  log: Log;
  /** What else must follow: plugins start and stop, kept pages go. */
  changed(): Promise<void>;
  every?: number;
}

/** Answers how to stop it. */
export function watchPacks({ packs, log, changed, every = lookEvery }: Watching): () => void {
  const timer = setInterval(() => {
    try {
      if (!packs.reread()) return;
      changed().catch((error: unknown) =>
        log.error({ err: error }, 'the new law was not followed'),
      );
    } catch (error) {
      log.error({ err: error }, 'the packs of the party could not be looked at');
    }
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}
