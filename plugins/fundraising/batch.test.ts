// Batches: each recipient counts its own.
import test from 'ava';
import { findBatches } from './batch.sql.ts';
import { openBatch } from './batch.ts';
import { aroundOf, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { record } from './pledge.ts';

const empty = {
  ...{ method: 'cheque' as const, depositSlip: undefined, statementReference: undefined },
  ...{ depositedOn: undefined, declaredMinor: undefined },
};

test.serial(
  'the first batch of a recipient is number one, and a gift that is refused burns none',
  async (t) => {
    const { scope, deps, recipient } = await openDesk(t, 'fr');
    const other = await makeRecipient(scope, { name: 'Another' });
    const cash = (amountMinor: number) =>
      record(scope, deps, other, offerOf(scope, { method: 'cash', amountMinor }), aroundOf());
    await t.throwsAsync(cash(20_000));
    await cash(2_000);
    await Promise.all(Array.from({ length: 8 }, () => openBatch(scope, deps, other.id, empty)));
    await openBatch(scope, deps, recipient.id, empty);
    const numbers = async (id: string) =>
      (await findBatches(scope, id, { most: 50 })).map(({ number }) => number);
    t.deepEqual(await numbers(recipient.id), [1]);
    t.deepEqual(await numbers(other.id), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  },
);
