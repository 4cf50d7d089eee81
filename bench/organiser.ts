// Somebody of the staff, logged in without the log-in page.
import type { Knex } from 'knex';
import { insertAccount, insertRole } from '../core/accounts/account.sql.ts';
import { openSession } from '../core/accounts/session.ts';

/** An organiser at an organization; answers the cookie of the session. */
export async function organiserAt(
  db: Knex,
  organizationId: string,
  { email, now }: { email: string; now: Date },
): Promise<string> {
  const accountId = await insertAccount(db, { email, name: 'Olga', locale: 'fr', now });
  if (!accountId) throw new Error('the account is there already');
  await insertRole(db, { accountId, organizationId, role: 'organiser', now });
  const origin = { ip: '127.0.0.1', agent: 'bench' };
  const token = await openSession({ db, now: () => now }, accountId, origin, { grace: true });
  return `rostra=${token}`;
}
