// What providers paid to recipients' banks.
import type { Scope } from 'rostra/plugin';
import type { PayoutState } from './index.ts';
import { held, heldBy } from './office.sql.ts';

/** How it stood so far, locked; `undefined` for one that is not known yet. */
export async function lockPayout(
  scope: Scope,
  payout: { accountId: string; reference: string },
): Promise<PayoutState['state'] | undefined> {
  const known = await scope.db.raw(
    `select state from fundraising.payout
     where account_id = :accountId and reference = :reference for update`,
    payout,
  );
  return known.rows[0]?.state;
}

/** What was held against one that was paid stays. */
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
    /** What the law wants of it and it is not. */
    differs: readonly string[];
  },
): Promise<void> {
  await scope.db.raw(
    `insert into fundraising.payout (recipient_id, account_id, reference, amount_minor, state, arrives_on, currency,
       differs, seen_at)
     values (:recipientId, :accountId, :reference, :amountMinor, :state, :arrivesOn, :currency,
       cast(:differs as text[]), :now)
     on conflict (account_id, reference) do update set state = excluded.state, arrives_on = excluded.arrives_on,
       differs = case when payout.state = 'paid' then payout.differs else excluded.differs end`,
    {
      ...payout,
      differs: [...payout.differs],
      currency: payout.currency ?? null,
      now: scope.now(),
    },
  );
}

interface Gone {
  recipientId: string;
  /** ISO date. */
  arrivesOn: string;
  reference: string;
}

/** What the provider kept of the money that came since the payout before this one. */
export async function sumKept(scope: Scope, gone: Gone): Promise<number> {
  const found = await scope.db.raw(
    `select coalesce(-sum(p.amount_minor), 0) as minor
     from fundraising.entry e join fundraising.posting p on p.entry_id = e.id
     where e.recipient_id = :recipientId and e.kind = 'fee' and p.account = 'provider'
       and e.day <= cast(:arrivesOn as date)
       and e.day > coalesce((select max(o.arrives_on) from fundraising.payout o
         where o.recipient_id = :recipientId and o.state = 'paid' and o.reference <> :reference
           and o.arrives_on < cast(:arrivesOn as date)), '-infinity')
       and ${held(scope, 'e.recipient_id')}`,
    { ...gone, ...heldBy(scope) },
  );
  return Number(found.rows[0].minor);
}

/** Of what had lain at the provider for longer than `length` (ISO duration) by then, what neither went out before nor with it. */
export async function sumLeftBehind(
  scope: Scope,
  gone: Gone & { length: string },
): Promise<number> {
  const found = await scope.db.raw(
    `select coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0
         and e.at < cast(:arrivesOn as date) - cast(:length as interval)), 0)
       + coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0
         and (e.kind <> 'payout' or e.reference = :reference or e.day < cast(:arrivesOn as date))), 0) as minor
     from fundraising.entry e join fundraising.posting p on p.entry_id = e.id
     where e.recipient_id = :recipientId and p.account = 'provider' and ${held(scope, 'e.recipient_id')}`,
    { ...gone, ...heldBy(scope) },
  );
  return Number(found.rows[0].minor);
}

export interface DifferingPayout {
  id: string;
  reference: string;
  amountMinor: number;
  arrivesOn: string;
  differs: string[];
}

/** The hundred latest that nobody has looked into. */
export async function findDifferingPayouts(
  scope: Scope,
  recipientId: string,
): Promise<DifferingPayout[]> {
  const found = await scope.db.raw(
    `select p.id, p.reference, p.amount_minor as "amountMinor", to_char(p.arrives_on, 'YYYY-MM-DD') as "arrivesOn",
       p.differs
     from fundraising.payout p
     where p.recipient_id = :recipientId and p.differs <> '{}' and p.seen_by is null
       and ${held(scope, 'p.recipient_id')}
     order by p.arrives_on desc, p.id desc limit 100`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows.map((row: { amountMinor: string }) => ({
    ...row,
    amountMinor: Number(row.amountMinor),
  }));
}

/** Answers the provider's reference of it; `undefined` where none waits under that id. */
export async function notePayoutSeen(
  scope: Scope,
  seen: { recipientId: string; id: string; author: string },
): Promise<string | undefined> {
  const found = await scope.db.raw(
    `update fundraising.payout p set seen_by = :author
     where p.id = :id and p.recipient_id = :recipientId and p.differs <> '{}' and p.seen_by is null
       and ${held(scope, 'p.recipient_id')}
     returning p.reference`,
    { ...seen, ...heldBy(scope) },
  );
  return found.rows[0]?.reference;
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
