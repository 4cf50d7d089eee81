// Payouts of providers: fetched, and entered once each, so that the bank's statement can be laid beside them.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { PayoutState } from './index.ts';
import { insertEntry } from './ledger.sql.ts';
import { lockPayout, upsertPayout } from './payout.sql.ts';
import { differencesOf } from './payout-law.ts';
import {
  type AccountRow,
  findAccount,
  findOwnAccounts,
  noteFetched,
} from './provider-account.sql.ts';
import { connect } from './provider-account.ts';
import { findRecipient } from './recipient.sql.ts';

const day = 24 * 3600_000;
/** A bank may send a payout back weeks after it was told as paid. */
const lookBack = 45 * day;
/** What was paid at an account that ended still goes out. */
const lingers = 120 * day;

/** Of all accounts of the organization's own recipients. One that cannot be asked does not keep the others waiting. */
export async function fetchAllPayouts(scope: Scope, deps: Deps): Promise<void> {
  const since = new Date(scope.now().getTime() - lingers);
  let fault: unknown;
  for (const row of await findOwnAccounts(scope, since)) {
    await fetchPayouts(scope, deps, row).catch((error) => {
      fault = error;
    });
  }
  if (fault) throw fault;
}

export async function fetchPayoutsOf(scope: Scope, deps: Deps, accountId: string): Promise<void> {
  const row = await findAccount(scope, accountId);
  if (row) await fetchPayouts(scope, deps, row);
}

async function fetchPayouts(scope: Scope, deps: Deps, row: AccountRow): Promise<void> {
  const { service, account } = await connect(scope, deps, row);
  const now = scope.now();
  const known = (row.fetchedAt ?? row.createdAt).getTime();
  const since = new Date(Math.min(now.getTime() - lookBack, known));
  for await (const payout of service.payouts(scope, account, since)) {
    await scope.write((own) => applyPayout(own, row, payout));
  }
  await scope.write((own) => noteFetched(own, row.id, now));
}

async function applyPayout(
  scope: Scope,
  { id, recipientId }: AccountRow,
  payout: PayoutState,
): Promise<void> {
  const { reference, amount, state, arrivesOn } = payout;
  const recipient = await findRecipient(scope, recipientId);
  const isStrange = recipient?.currency !== amount.currency;
  const { minor } = amount;
  const line = { recipientId, kind: 'payout', day: arrivesOn } as const;
  const before = await lockPayout(scope, { accountId: id, reference });
  const isIn = state === 'paid' && before !== 'paid' && !isStrange;
  if (isIn) {
    await insertEntry(scope, { ...line, reference, postings: { bank: minor, provider: -minor } });
  } else if (state === 'failed' && before === 'paid' && !isStrange) {
    const postings = { bank: -minor, provider: minor };
    await insertEntry(scope, { ...line, reference: `${reference}:failed`, postings });
  }
  await upsertPayout(scope, {
    ...{ recipientId, accountId: id, reference, state, arrivesOn, amountMinor: minor },
    currency: isStrange ? amount.currency : undefined,
    differs: isIn ? await differencesOf(scope, recipient, payout) : [],
  });
}
