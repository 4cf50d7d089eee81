// Housekeeping: sessions, links and rates whose time is over.
import { forgetRates } from '../limit.ts';
import type { Scope } from '../scope.ts';
import { deleteEndedLinks } from './link.sql.ts';
import { deleteEndedSessions } from './session.sql.ts';
import { sessionIdles } from './session.ts';
import { deleteEndedTokens } from './token.sql.ts';

/** Milliseconds for which staff still see that there was one. */
const tokensShown = 90 * 24 * 3_600_000;

/** Once a day is enough: none of them works any more. Answers how many rows went. */
export async function tidyAccounts(scope: Scope): Promise<number> {
  const now = scope.now();
  const idleSince = new Date(now.getTime() - sessionIdles);
  const ended = await scope.write(
    async ({ db }) =>
      (await deleteEndedSessions(db, now, idleSince)) +
      (await deleteEndedLinks(db, now)) +
      (await deleteEndedTokens(db, new Date(now.getTime() - tokensShown))),
  );
  return ended + (await forgetRates(scope));
}
