// A process that dies anywhere between the intent, the charge and the record loses nobody's money and takes it from nobody twice.
import test from 'ava';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { PaymentProvider } from './index.ts';
import { checkLedgers } from './ledger.ts';
import { openPayment } from './payment.ts';
import { settlePayment } from './payment-settle.ts';
import {
  balancesOf,
  type Counter,
  donationOf,
  openCounter,
  page,
  pay,
  paymentOf,
  promise,
  reconcileIn,
  withProvider,
} from './payments/fixture.ts';
import { runRefund, sendBack } from './refund.ts';

class Killed extends Error {}

/** The same seed, the same deaths. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Dies at the step of that number, before or after it took place; then all that follows is dead too. */
function executioner(dies: number) {
  let step = 0;
  let isDead = false;
  const point = () => {
    if (isDead) throw new Killed();
    step += 1;
    isDead = step === dies;
    if (isDead) throw new Killed();
  };
  return async <T>(act: () => Promise<T>): Promise<T> => {
    point();
    const done = await act();
    point();
    return done;
  };
}
type Hand = ReturnType<typeof executioner>;

/** Each transaction of the scope, and each request to the provider, is a step. */
function mortal({ scope, deps, provider }: Counter, hand: Hand): { scope: Scope; deps: Deps } {
  const dying: Scope = {
    organization: scope.organization,
    bound: scope.bound,
    law: scope.law,
    actor: scope.actor,
    locale: scope.locale,
    db: scope.db,
    write: (fn) => hand(() => scope.write(fn)),
    aside: (fn) => hand(() => scope.aside(fn)),
    now: () => scope.now(),
    may: (permission) => scope.may(permission),
    t: (key, params) => scope.t(key, params),
  };
  const service: PaymentProvider = {
    ...provider,
    open: (...given) => hand(() => provider.open(...given)),
    payment: (...given) => hand(() => provider.payment(...given)),
    findByKey: (...given) => hand(() => provider.findByKey(...given)),
    refund: (...given) => hand(() => provider.refund(...given)),
  };
  return { scope: dying, deps: withProvider(deps, service) };
}

async function unlessKilled<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

test('after two hundred deaths and one reconciliation the ledger is what the provider holds, to the cent', async (t) => {
  const counter = await openCounter(t);
  const { stripe } = counter;
  const roll = random(20_261_128);
  const deaths = new Set<string>();
  const given: { id: string; reference: string | undefined }[] = [];
  for (let index = 0; index < 200; index += 1) {
    const { id } = await promise(counter, counter.scope, 1_000 + Math.floor(roll() * 20_000));
    // Before and after each of the four steps of opening, and the two of settling.
    const dying = mortal(counter, executioner(1 + Math.floor(roll() * 12)));
    let opened = await unlessKilled(openPayment(dying.scope, dying.deps, id, page));
    if (!opened) deaths.add(id);
    const triesAgain = roll() < 0.5;
    if (!opened && triesAgain) opened = await openPayment(counter.scope, counter.deps, id, page);
    if (opened && roll() < 0.9) stripe.pay(opened.reference);
    given.push({ id, reference: opened?.reference });
    if (!opened) continue;
    const { id: paymentId } = await paymentOf(counter, id);
    const settled = settlePayment(dying.scope, dying.deps, paymentId).then(() => true);
    if (!(await unlessKilled(settled))) deaths.add(id);
  }
  t.is(deaths.size, 200);

  await reconcileIn(counter, 10);

  const { provider, donations = 0, fees = 0 } = await balancesOf(counter);
  const taken = stripe.intents().reduce((sum, one) => sum + Number(one.amount_received), 0);
  t.is(provider, stripe.balance());
  t.is(-donations, taken);
  t.is(-donations - fees, stripe.balance());
  t.deepEqual(await checkLedgers(counter.scope), []);
  for (const { id, reference } of given) {
    const mine = stripe
      .intents()
      .filter((one) => (one.metadata as Record<string, string>).reference === `donation-${id}`);
    t.true(mine.length <= 1, `gift ${id} has ${mine.length} payments`);
    const isPaid = reference !== undefined && stripe.intent(reference).status === 'succeeded';
    t.is((await donationOf(counter, id)).state, isPaid ? 'accepted' : 'pledged');
  }
  // What nobody paid is given up in the end, and nobody can pay it then.
  await reconcileIn(counter, 29 * 60);
  for (const { id } of given) t.not((await donationOf(counter, id)).state, 'pledged');
  t.deepEqual(
    stripe.intents().filter(({ status }) => status !== 'succeeded' && status !== 'canceled'),
    [],
  );
  t.is((await balancesOf(counter)).provider, stripe.balance());
});

test('a refund that dies anywhere goes once, and stands in the ledger once', async (t) => {
  const counter = await openCounter(t);
  const { scope, deps, stripe } = counter;
  const roll = random(1_128);
  let deaths = 0;
  for (let index = 0; index < 40; index += 1) {
    const { id } = await pay(counter, 2_000 + index);
    await settlePayment(scope, deps, (await paymentOf(counter, id)).id);
    const amountMinor = 500 + Math.floor(roll() * 1_500);
    const order = { donationId: id, amountMinor, why: 'Asked for', byHand: false };
    const refund = await sendBack(scope, deps, order);
    // Before and after each of its three steps.
    const dying = mortal(counter, executioner(1 + Math.floor(roll() * 6)));
    const ran = runRefund(dying.scope, dying.deps, refund.id).then(() => true);
    deaths += (await unlessKilled(ran)) ? 0 : 1;
  }
  t.is(deaths, 40);
  await reconcileIn(counter, 10);
  const { provider, donations = 0, fees = 0 } = await balancesOf(counter);
  t.is(provider, stripe.balance());
  t.is(-donations - fees, stripe.balance());
  t.deepEqual(await checkLedgers(scope), []);
});
