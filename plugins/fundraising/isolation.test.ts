// Two recipients under one roof never mix a cent, whatever happens and whatever breaks in between.
import test from 'ava';
import fc from 'fast-check';
import { isAppError } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Donation } from './donation.sql.ts';
import { accept, arrive, demandDonation, giveBack, hold, refuse } from './donation.ts';
import { aroundOf, type Desk, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { sumBalances } from './ledger.sql.ts';
import { checkLedgers, findBreak, sealAll } from './ledger.ts';
import { pledge, record } from './pledge.ts';
import type { Recipient } from './recipient.sql.ts';

const deed = fc.record({
  what: fc.constantFrom('record', 'record', 'pledge', 'arrive', 'refuse', 'hold', 'accept', 'back'),
  whose: fc.integer({ min: 0, max: 1 }),
  which: fc.nat(20),
  amountMinor: fc.integer({ min: 1, max: 120_000 }),
  donor: fc.nat(3),
  method: fc.constantFrom('transfer', 'cheque', 'cash', 'card'),
  /** The process breaks before the transaction ends. */
  breaks: fc.nat(4).map((roll) => roll === 0),
  again: fc.boolean(),
});
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

/** Every event is emitted at the end of a transaction: there it breaks. */
function brittle(deps: Deps, breaks: boolean): Deps {
  if (!breaks) return deps;
  const emit = () => Promise.reject(new Error('The process was killed.'));
  return { ...deps, events: { emit } };
}

/** What is refused, and what broke, leaves nothing; all else is told. */
async function tried(act: () => Promise<Donation>): Promise<Donation | undefined> {
  try {
    return await act();
  } catch (error) {
    const isExpected = isAppError(error) || String(error).includes('killed');
    if (!isExpected) throw error;
    return undefined;
  }
}

async function run(desk: Desk, recipients: Recipient[], deeds: Deed[]): Promise<void> {
  const made: string[][] = [[], []];
  for (const [turn, one] of deeds.entries()) {
    const { scope } = desk;
    const deps = brittle(desk.deps, one.breaks);
    const recipient = recipients[one.whose] as Recipient;
    const ids = made[one.whose] as string[];
    const id = ids[one.which % Math.max(1, ids.length)];
    const offer = offerOf(scope, {
      ...{ amountMinor: one.amountMinor, method: one.method },
      identity: {
        ...offerOf(scope).identity,
        emailAddress: `donor${one.donor}-${recipients[0]?.id}@example.org`,
      },
    });
    const around = aroundOf({ key: `isolation-${recipient.id}-${turn}-${one.amountMinor}` });
    const take = one.what === 'pledge' ? pledge : record;
    const acts: Record<string, (() => Promise<Donation>) | undefined> = {
      record: () => take(scope, deps, recipient, offer, { ...around, isIn: one.donor === 0 }),
      pledge: () => take(scope, deps, recipient, offer, around),
      arrive: id ? () => arrive(scope, deps, id) : undefined,
      refuse: id ? () => refuse(scope, id, 'failed') : undefined,
      hold: id ? () => hold(scope, deps, id, 'amount-differs') : undefined,
      accept: id ? () => accept(scope, deps, id) : undefined,
      back: id ? () => sendBack(desk, deps, id, one, turn) : undefined,
    };
    const act = acts[one.what];
    if (!act) continue;
    const done = await tried(act);
    if (one.again) await tried(act);
    if (done && !ids.includes(done.id)) ids.push(done.id);
  }
}

/** All of it, or a part that may be too much. */
async function sendBack(
  { scope }: Desk,
  deps: Deps,
  id: string,
  { which, amountMinor }: Deed,
  turn: number,
): Promise<Donation> {
  const { amountMinor: whole, refundedMinor } = await demandDonation(scope, id);
  const back = which % 2 === 0 ? whole - refundedMinor : amountMinor;
  const reference = `back-${id}-${turn}`;
  return giveBack(scope, deps, id, { reference, amountMinor: back, account: 'bank' });
}

test('two recipients never mix a cent, and each ledger tells of its own money to the last', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { db } = desk.app.house.database;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 25 }), async (deeds) => {
      const recipients = [
        await makeRecipient(desk.scope, { name: 'One' }),
        await makeRecipient(desk.scope, {
          name: 'Other',
          kind: 'candidate',
          election: `E${deeds.length}`,
        }),
      ];
      await run(desk, recipients, deeds);
      await sealAll(desk.scope);
      for (const recipient of recipients) {
        const balances = await sumBalances(desk.scope, recipient.id);
        const { rows } = await db.raw(
          `select coalesce(sum(amount_minor - refunded_minor) filter (where state in ('accepted', 'refunded')), 0) as kept,
             coalesce(sum(amount_minor) filter (where state = 'held'), 0) as held
           from fundraising.donation where recipient_id = ?`,
          [recipient.id],
        );
        t.is((balances.donations ?? 0) + Number(rows[0].kept), 0, recipient.name);
        t.is((balances.held ?? 0) + Number(rows[0].held), 0, recipient.name);
        t.is(
          Object.values(balances).reduce((sum, minor) => sum + minor, 0),
          0,
        );
        t.is(await findBreak(desk.scope, recipient.id), undefined);
      }
    }),
    { numRuns: 30, seed: 4100 },
  );
  t.deepEqual(await checkLedgers(desk.scope), []);
  const strays = await db.raw(
    `select e.id from fundraising.entry e join fundraising.donation d on d.id = e.donation_id
     where d.recipient_id <> e.recipient_id`,
  );
  t.deepEqual(strays.rows, []);
  const { rows } = await db.raw('select kind, count(*) as n from fundraising.entry group by kind');
  const seen = new Map<string, number>(
    rows.map(({ kind, n }: { kind: string; n: string }) => [kind, Number(n)]),
  );
  for (const kind of ['donation', 'held', 'returned', 'refund'])
    t.true((seen.get(kind) ?? 0) > 0, kind);
});
