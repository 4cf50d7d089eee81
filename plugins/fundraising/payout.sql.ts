// What providers paid to recipients' banks.
import type { Scope } from 'rostra/plugin';
import type { PayoutState } from './index.ts';
import { held, heldBy } from './office.sql.ts';

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
    /** Where it is another than the recipient's. */
    currency: string | undefined;
  },
): Promise<PayoutState['state'] | undefined> {
  const known = await scope.db.raw(
    `select state from fundraising.payout
     where account_id = :accountId and reference = :reference for update`,
    payout,
  );
  await scope.db.raw(
    `insert into fundraising.payout (recipient_id, account_id, reference, amount_minor, state, arrives_on, currency,
       seen_at)
     values (:recipientId, :accountId, :reference, :amountMinor, :state, :arrivesOn, :currency, :now)
     on conflict (account_id, reference) do update
       set state = excluded.state, arrives_on = excluded.arrives_on`,
    { ...payout, currency: payout.currency ?? null, now: scope.now() },
  );
  return known.rows[0]?.state;
}

/** The hundred latest that stand in no ledger, for they are in another currency than their recipient's. */
export async function findStrangePayouts(
  scope: Scope,
): Promise<{ name: string; reference: string; currency: string }[]> {
  const found = await scope.db.raw(
    `select o.name, p.reference, p.currency
     from fundraising.payout p join fundraising.recipient o on o.id = p.recipient_id
     where p.currency is not null and p.state = 'paid' and ${held(scope, 'p.recipient_id')}
     order by p.id desc limit 100`,
    heldBy(scope),
  );
  return found.rows;
}
