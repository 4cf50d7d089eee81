// Silence put to the proof: whatever sends to many is let loose ten seconds before it must stop, killed half-way, and watched.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Test } from './database.ts';
import { startMailServer } from './mail-server.ts';

export interface SilenceTrial {
  begins: Date;
  /** So long before that nothing is begun any more, in milliseconds. */
  stops: number;
  /**
   * A process that sends what waits. It says `ready`, sends once it is told by `{ ahead }` how many milliseconds the
   * clock that all share is ahead of the machine's, and takes further such messages.
   */
  work(): ChildProcess;
  /** When the far side took a message, by the machine's clock. */
  taken: readonly number[];
}

export interface SilenceSeen {
  /** How many were taken when the first process was killed, and when silence began. */
  atKill: number;
  before: number;
  /** How long after silence began the last was taken, in milliseconds: below zero. */
  last: number;
  /** Moves the clock of the process that is left. */
  move(to: Date): void;
}

const lead = 10_000;
const untilKill = 4_000;
/** Watched so long after all must have stopped, and as long around the second in which silence begins. */
const after = 4_000;

export async function trySilence(trial: SilenceTrial): Promise<SilenceSeen> {
  const { begins, stops, work, taken } = trial;
  const [first, second] = [work(), work()];
  await Promise.all([first, second].map((one) => once(one, 'message')));
  const ahead = begins.getTime() - stops - lead - Date.now();
  first.send({ ahead });
  await wait(untilKill);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const atKill = taken.length;
  second.send({ ahead });
  await wait(begins.getTime() - stops - ahead - Date.now() + after);
  // What lies between would show nothing else: the clock leaps to the last moments.
  const leaptAt = Date.now();
  const near = Math.max(ahead, begins.getTime() - after / 2 - leaptAt);
  second.send({ ahead: near });
  await wait(begins.getTime() - near - Date.now() + after / 2);
  const sinceBegins = taken.map((at) => at + (at < leaptAt ? ahead : near) - begins.getTime());
  return {
    atKill,
    before: sinceBegins.filter((time) => time < 0).length,
    last: Math.max(...sinceBegins),
    move: (to) => void second.send({ ahead: to.getTime() - Date.now() }),
  };
}

/** A mail server that takes everything: to whom, and when. */
export async function startMailSink(t: Test) {
  const [readers, taken]: [string[], number[]] = [[], []];
  const url = await startMailServer(t, {
    onData(stream, session, answer) {
      stream.resume();
      stream.once('end', () => {
        readers.push(session.envelope.rcptTo[0]?.address ?? '');
        taken.push(Date.now());
        answer();
      });
    },
  });
  return { url, readers, taken };
}
