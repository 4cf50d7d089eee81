// The steps of all lanes of a run, committed together: what several want at one time goes to the disk in one piece.
import { setTimeout as wait } from 'node:timers/promises';
import { gathered, type HandedMail, type Scope } from 'rostra/plugin';
import { stepRecipients } from './step.sql.ts';

/** What became of one; `kept`: it was not spoken of to the peer after all. */
export interface End {
  id: string;
  state: HandedMail['state'] | 'kept';
  answer: string;
  attempts: number;
}

interface Wish {
  end: End | undefined;
  next: string | undefined;
}

/** The database may be gone for so long, in milliseconds: what the peer answered is not forgotten over that. */
const patience = 60_000;
const pause = 250;

/**
 * A lane says how its last one ended and which it hands over next, and goes on once both are committed. Answers whether
 * the next is its to hand over: false when it was erased, taken, paused or cancelled meanwhile.
 */
export function makeSteps(scope: Scope, holder: string) {
  const steps = gathered<Wish, boolean>(async (wishes) => {
    const ours = await commitPatiently(scope, holder, wishes);
    return wishes.map(({ next }) => next !== undefined && ours.has(next));
  });
  return (end: End | undefined, next: string | undefined): Promise<boolean> =>
    steps.add({ end, next });
}

async function commitPatiently(
  scope: Scope,
  holder: string,
  wishes: readonly Wish[],
): Promise<Set<string>> {
  // In the order in which those who tell of them take their rows: neither waits for what the other holds.
  const ends = wishes.flatMap(({ end }) => end ?? []).sort((a, b) => Number(a.id) - Number(b.id));
  const next = wishes.flatMap((wish) => wish.next ?? []);
  for (let waited = 0; ; waited += pause) {
    try {
      // Of a commit whose answer was lost nobody knows: what it took is still ours.
      const isAgain = waited > 0;
      return await scope.write((own) => stepRecipients(own, { holder, ends, next, isAgain }));
    } catch (error) {
      if (waited >= patience) throw error;
      await wait(pause);
    }
  }
}
