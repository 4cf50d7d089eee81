// Gifts that are promised, come in, wait, and go back; and what stands in the ledger after each.
import test from 'ava';
import { People } from 'rostra/people';
import { isAppError } from 'rostra/plugin';
import { accept, arrive, giveBack, hold, refuse } from './donation.ts';
import { again, aroundOf, type Desk, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { sumBalances } from './ledger.sql.ts';
import { checkLedgers, findBreak, seal } from './ledger.ts';
import { openPayment } from './payment.ts';
import { settlePayment } from './payment-settle.ts';
import { openCounter, page, paymentOf } from './payments/fixture.ts';
import { pledge, record } from './pledge.ts';

const take = (desk: Desk, offer = offerOf(desk.scope), around = aroundOf()) =>
  record(desk.scope, desk.deps, desk.recipient, offer, around);

async function faultsOf(act: Promise<unknown>): Promise<string[]> {
  try {
    await act;
    return [];
  } catch (error) {
    if (!isAppError(error)) throw error;
    return (error.details['faults'] as { message: string }[]).map(({ message }) => message);
  }
}

test.serial(
  'a gift that fits is accepted once, and its donor is a person of the file',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const around = aroundOf();
    const donation = await take(desk, offerOf(desk.scope), around);
    t.is(donation.state, 'accepted');
    t.is((await take(desk, offerOf(desk.scope), around)).id, donation.id);
    const person = await desk.app
      .get('fundraising')(People)
      .find(desk.scope, donation.personId ?? '');
    t.is(person?.displayName, 'Zoé Martin');
    t.deepEqual(await sumBalances(desk.scope, desk.recipient.id), {
      bank: 5_000,
      donations: -5_000,
    });
    t.true(donation.decision.some(({ rule }) => rule.includes('money.cap.party')));
  },
);

test.serial(
  'two hundred gifts at once from one person with three addresses, and room for one: one is accepted',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const addresses = ['zoe@example.org', 'zm@example.org', 'z.martin@example.org'];
    const { id } = await desk.deps.people.upsert(desk.scope, {
      ...{ givenName: 'Zoé', familyName: 'Martin', source: 'test' },
      emailAddress: addresses[0] ?? '',
    });
    await desk.app.house.database.db.raw(
      `insert into people.email_address (person_id, address, created_at)
     select :id, a, :now from unnest(cast(:rest as text[])) as a`,
      { id, rest: addresses.slice(1), now: desk.scope.now() },
    );
    const identity = offerOf(desk.scope).identity;
    const tries = Array.from({ length: 200 }, (_, index) => {
      const emailAddress = addresses[index % addresses.length] ?? '';
      const offer = offerOf(desk.scope, {
        amountMinor: 400_000,
        identity: { ...identity, emailAddress },
      });
      return faultsOf(pledge(desk.scope, desk.deps, desk.recipient, offer, aroundOf()));
    });
    const answers = await Promise.all(tries);
    t.is(answers.filter((faults) => faults.length === 0).length, 1);
    t.true(
      answers.every((faults) => faults.length === 0 || faults[0] === 'fundraising.fault.cap'),
      'the others are told of the cap',
    );
  },
);

test.serial(
  'what a stranger promises on a page under the name and mailbox of somebody of the file takes none of their room',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const { scope, deps, recipient } = desk;
    const whole = offerOf(scope, { amountMinor: 750_000 });
    await deps.people.upsert(scope, {
      ...{ givenName: 'Zoé', familyName: 'Martin', source: 'test' },
      emailAddress: 'zoe@example.org',
    });
    await pledge(scope, deps, recipient, whole, aroundOf({ source: 'page' }));
    t.is((await take(desk, whole)).state, 'accepted');
    t.deepEqual(await faultsOf(take(desk)), ['fundraising.fault.cap']);
  },
);

test.serial(
  'two hundred promises of one person on a page, all paid at once, with room for one: one is accepted, the others wait to go back',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, recipient } = counter;
    const offer = offerOf(scope, { amountMinor: 400_000, method: 'card' });
    await deps.people.upsert(scope, {
      ...{ givenName: 'Zoé', familyName: 'Martin', source: 'test' },
      emailAddress: 'zoe@example.org',
    });
    const promised = await Promise.all(
      Array.from({ length: 200 }, () =>
        pledge(scope, deps, recipient, offer, aroundOf({ source: 'page' })),
      ),
    );
    await Promise.all(
      promised.map(async ({ id }) => {
        const { reference } = await openPayment(scope, deps, id, page);
        counter.stripe.pay(reference);
      }),
    );
    await Promise.all(
      promised.map(async ({ id }) => settlePayment(scope, deps, (await paymentOf(counter, id)).id)),
    );
    const ended = await Promise.all(promised.map(({ id }) => again(counter, id)));
    t.is(ended.filter(({ state }) => state === 'accepted').length, 1);
    const waiting = ended.filter(({ state }) => state === 'held');
    t.is(waiting.length, 199);
    t.true(waiting.every(({ why, returnBy }) => why === 'cap' && returnBy !== undefined));
  },
);

test.serial('the database itself refuses what would pass a cap', async (t) => {
  const desk = await openDesk(t, 'fr');
  const donation = await take(desk);
  await t.throwsAsync(
    desk.app.house.database.db.raw(
      'update fundraising.donation set amount_minor = cap_minor + 1 where id = ?',
      [donation.id],
    ),
    { message: /would pass the cap/ },
  );
});

test.serial(
  'a cap holds across recipients of the party, means, and what is only promised',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const other = await makeRecipient(desk.scope, { name: 'Another association' });
    await take(desk, offerOf(desk.scope, { amountMinor: 500_000, method: 'cheque' }));
    const promised = await pledge(
      desk.scope,
      desk.deps,
      other,
      offerOf(desk.scope, { amountMinor: 200_000, method: 'card' }),
      aroundOf(),
    );
    const rest = offerOf(desk.scope, { amountMinor: 100_000 });
    t.deepEqual(await faultsOf(take(desk, rest)), ['fundraising.fault.cap']);
    await refuse(desk.scope, promised.id, 'failed');
    t.is((await take(desk, rest)).state, 'accepted');
  },
);

test.serial(
  'money that lies on the account and may not be kept is held, and goes back whole',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    await take(desk, offerOf(desk.scope, { amountMinor: 700_000 }));
    const over = await take(desk, offerOf(desk.scope, { amountMinor: 100_000 }), {
      ...aroundOf(),
      isIn: true,
    } as never);
    t.is(over.state, 'held');
    t.is(over.why, 'cap');
    t.deepEqual(await faultsOf(accept(desk.scope, desk.deps, over.id)), ['fundraising.fault.cap']);
    const back = { reference: 'cheque 12', amountMinor: 100_000, account: 'bank' } as const;
    await giveBack(desk.scope, desk.deps, over.id, back);
    await giveBack(desk.scope, desk.deps, over.id, back);
    t.is((await again(desk, over.id)).state, 'refunded');
    t.deepEqual(await sumBalances(desk.scope, desk.recipient.id), {
      ...{ bank: 700_000, donations: -700_000, held: 0 },
    });
  },
);

test.serial(
  'a card payment that comes in twice stands in the ledger once; a part goes back, then the rest',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const offer = offerOf(desk.scope, { method: 'card' });
    const promised = await pledge(desk.scope, desk.deps, desk.recipient, offer, aroundOf());
    t.is(promised.state, 'pledged');
    await arrive(desk.scope, desk.deps, promised.id);
    await arrive(desk.scope, desk.deps, promised.id);
    const part = { reference: 're_1', amountMinor: 2_000, account: 'provider' } as const;
    await giveBack(desk.scope, desk.deps, promised.id, part);
    t.is((await again(desk, promised.id)).state, 'accepted');
    await giveBack(desk.scope, desk.deps, promised.id, {
      ...part,
      reference: 're_2',
      amountMinor: 3_000,
    });
    t.is((await again(desk, promised.id)).state, 'refunded');
    t.deepEqual(await sumBalances(desk.scope, desk.recipient.id), { provider: 0, donations: 0 });
    t.deepEqual(await checkLedgers(desk.scope), []);
  },
);

test.serial(
  'in Great Britain a gift above the threshold waits until its donor is verified',
  async (t) => {
    const desk = await openDesk(t, 'gb');
    const small = await take(desk, offerOf(desk.scope, { amountMinor: 50_000, qualities: [] }));
    t.is(small.state, 'accepted');
    const large = await take(desk, offerOf(desk.scope, { amountMinor: 50_001 }));
    t.is(large.state, 'held');
    t.is(large.why, 'verify');
    // Thirty days that begin with the day itself.
    t.is(large.returnBy, '2026-12-23');
    t.is((await accept(desk.scope, desk.deps, large.id)).state, 'accepted');
    const online = await pledge(
      desk.scope,
      desk.deps,
      desk.recipient,
      offerOf(desk.scope, { amountMinor: 60_000, method: 'card' }),
      aroundOf(),
    );
    t.is((await arrive(desk.scope, desk.deps, online.id)).state, 'held');
  },
);

test.serial('the ledger is one chain, and an altered byte is found', async (t) => {
  const desk = await openDesk(t, 'fr');
  const promised = await pledge(
    desk.scope,
    desk.deps,
    desk.recipient,
    offerOf(desk.scope, { method: 'card' }),
    aroundOf(),
  );
  await hold(desk.scope, desk.deps, promised.id, 'amount-differs');
  await take(desk);
  await seal(desk.scope, desk.recipient.id);
  t.is(await findBreak(desk.scope, desk.recipient.id), undefined);
  const { db } = desk.app.house.database;
  await t.throwsAsync(db.raw(`update fundraising.entry set reference = 'x'`), {
    message: /append-only/,
  });
  await t.throwsAsync(
    db.raw(
      `with e as (insert into fundraising.entry (recipient_id, kind, reference, day, at)
        values (?, 'fee', 'f', '2026-01-01', now()) returning id)
      insert into fundraising.posting select id, 'fees', 5 from e`,
      [desk.recipient.id],
    ),
    { message: /add up to nothing/ },
  );
  await db.raw('alter table fundraising.posting disable trigger guard');
  await db.raw(`update fundraising.posting set amount_minor = amount_minor + sign(amount_minor)
    where entry_id = (select min(id) from fundraising.entry)`);
  t.is(await findBreak(desk.scope, desk.recipient.id), 1);
});
