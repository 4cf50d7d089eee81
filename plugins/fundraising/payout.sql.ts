// What providers paid to recipients' banks.
import type { Scope } from 'rostra/plugin';
import type { PayoutState } from './index.ts';

/** Answers how it stood before; `undefined` when it was not known. */
export async function upsertPayout(
  scope: Scope,
  payout: {
    recipientId: string;
    accountId: string;
    reference: string;
    amountMinor: number;
    state: PayoutState['state'];
    arrivesOn: string;
  },
): Promise<PayoutState['state'] | undefined> {
  const known = await scope.db.raw(
    `select state from fundraising.payout
     where account_id = :accountId and reference = :reference for update`,
    payout,
  );
  await scope.db.raw(
    `insert into fundraising.payout (recipient_id, account_id, reference, amount_minor, state, arrives_on, seen_at)
     values (:recipientId, :accountId, :reference, :amountMinor, :state, :arrivesOn, :now)
     on conflict (account_id, reference) do update
       set state = excluded.state, arrives_on = excluded.arrives_on`,
    { ...payout, now: scope.now() },
  );
  return known.rows[0]?.state;
}
