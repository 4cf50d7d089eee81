// Reads the kind of line of numbers that were there before it was asked, or came by a way that does not say it.
import type { Scope } from 'rostra/plugin';
import { findUnreadNumbers, saveLines } from './telephone-line.sql.ts';
import { lineOf } from './telephone-line.ts';

/** Numbers of one transaction, and transactions of one run: a million take some minutes, in which others get their turn. */
const [batch, runs] = [2_000, 50];

export async function readLines(scope: Scope): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    const read = await scope.write(async (own) => {
      const found = await findUnreadNumbers(own, batch);
      await saveLines(
        own,
        found.map(({ id, number }) => ({ id, line: lineOf(number) })),
      );
      return found.length;
    });
    if (read < batch) return;
  }
}
