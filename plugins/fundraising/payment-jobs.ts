// What is done about payments in the background: asking after a call, asking what nobody called about, telling of refunds.
import { isAppError, type Job, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  findLonePledges,
  findPaymentByKey,
  findPaymentByReference,
  findUnsettled,
  noteAsked,
} from './payment.sql.ts';
import { dropLonePledge } from './payment.ts';
import { settlePayment } from './payment-settle.ts';
import { fetchAllPayouts, fetchPayoutsOf } from './payout.ts';
import { connectTo } from './provider-account.ts';
import { findFollowedRefunds, findUnsettledRefunds } from './refund.sql.ts';
import { runRefund } from './refund.ts';

const minute = 60_000;
const batch = 200;
const atATime = 5;
/** Younger ones are being paid just now. */
const restFor = 4 * minute;
/** A donor who sent the form may still be asked for a payment in that time. */
const lonelyFor = 30 * minute;

export function paymentJobs(deps: Deps): Job[] {
  return [
    {
      name: 'settle',
      run: (scope, { paymentId }) => settlePayment(scope, deps, String(paymentId)),
    },
    {
      name: 'hear',
      run: (scope, { accountId, reference }) =>
        hear(scope, deps, String(accountId), String(reference)),
    },
    { name: 'refund', run: (scope, { refundId }) => runRefund(scope, deps, String(refundId)) },
    { name: 'reconcile', cron: '*/5 * * * *', run: (scope) => reconcile(scope, deps) },
    {
      name: 'payouts',
      cron: '20 4 * * *',
      run: (scope, { accountId }) =>
        accountId === undefined
          ? fetchAllPayouts(scope, deps)
          : fetchPayoutsOf(scope, deps, String(accountId)),
    },
  ];
}

/** The provider called about a payment; also one whose answer was lost, so that we know its key alone. */
async function hear(scope: Scope, deps: Deps, accountId: string, reference: string): Promise<void> {
  const known = await findPaymentByReference(scope, accountId, reference);
  if (known) return settlePayment(scope, deps, known.id);
  const { service, account } = await connectTo(scope, deps, accountId);
  const key = (await service.payment(scope, account, reference))?.key;
  const lost = key === undefined ? undefined : await findPaymentByKey(scope, accountId, key);
  if (lost) await settlePayment(scope, deps, lost.id);
}

/** Asks about everything that is not settled, of the organization's own recipients: their law is the scope's. */
export async function reconcile(scope: Scope, deps: Deps): Promise<void> {
  const before = new Date(scope.now().getTime() - restFor);
  const left = new Date(scope.now().getTime() - lonelyFor);
  const faults = [
    ...(await eachOf(
      () => findUnsettled(scope, { before, most: batch }),
      (id) => settlePayment(scope, deps, id),
      (id) => scope.write((own) => noteAsked(own, id)),
    )),
    ...(await eachOf(
      () => findLonePledges(scope, { before: left, most: batch }),
      (id) => dropLonePledge(scope, id),
    )),
    ...(await eachOf(
      () => findFollowedRefunds(scope, { before, most: batch }),
      (id) => settlePayment(scope, deps, id),
    )),
    ...(await eachOf(
      () => findUnsettledRefunds(scope, { before, most: batch }),
      (id) => runRefund(scope, deps, id),
    )),
  ];
  if (faults.length > 0) throw faults[0];
}

/** Each once, some at a time. A provider that does not answer is asked again the next time; what else goes wrong is answered. */
async function eachOf(
  find: () => Promise<string[]>,
  act: (id: string) => Promise<void>,
  putOff: (id: string) => Promise<void> = async () => {},
): Promise<unknown[]> {
  const faults: unknown[] = [];
  const done = new Set<string>();
  const one = async (id: string): Promise<void> => {
    await act(id).catch(async (error) => {
      if (!isAppError(error) || error.code !== 'core.unavailable') faults.push(error);
      await putOff(id);
    });
  };
  for (;;) {
    const ids = (await find()).filter((id) => !done.has(id));
    if (ids.length === 0) return faults;
    for (let at = 0; at < ids.length; at += atATime) {
      const some = ids.slice(at, at + atATime);
      for (const id of some) done.add(id);
      await Promise.all(some.map(one));
    }
  }
}
