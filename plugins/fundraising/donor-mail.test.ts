// What donors of a page are written: once for each thing that happened, and never in the way of their money.
import test from 'ava';
import { type Deps, depsOf } from './deps.ts';
import { donorMail } from './donor-mail.ts';
import { settlePayment } from './payment-settle.ts';
import { openHouse, pay, paymentOf } from './payments/fixture.ts';

test('a message that cannot be written keeps no money out of the ledger', async (t) => {
  const house = await openHouse(t);
  const mail = { ...house.deps.mail, send: () => Promise.reject(new Error('a broken view')) };
  const deps: Deps = { ...house.deps, mail };
  const { id, reference } = await pay(house, 2_500);
  const settle = async () => settlePayment(house.scope, deps, (await paymentOf(house, id)).id);
  await settle();
  house.stripe.refund(reference, 1_000);
  await settle();
  const { state, refunded_minor } = await house.scope
    .db('fundraising.donation')
    .where({ id })
    .first();
  t.deepEqual([state, Number(refunded_minor)], ['accepted', 1_000]);
});

test('each thing that happened is written once, however often it is told', async (t) => {
  const house = await openHouse(t);
  const { scope, app } = house;
  const { id, reference } = await pay(house, 2_500);
  const settle = async () => settlePayment(scope, house.deps, (await paymentOf(house, id)).id);
  await settle();
  house.stripe.refund(reference, 1_000);
  await settle();
  house.stripe.refund(reference, 500);
  await settle();
  await app.drain();
  const mails = () => scope.db('core.outbox').select('view', 'text').orderBy('id');
  t.deepEqual(
    (await mails()).map(({ view }) => view),
    ['fundraising/gift', 'fundraising/gift-back', 'fundraising/gift-back'],
  );
  t.regex((await mails())[1].text, /10.00/);
  const tell = donorMail(depsOf(app.get('fundraising')))['fundraising.donation.refunded'];
  const event = { id: 'b1f0a9c1-54a3-4a0e-9d4b-0f6f2b1f8f01', at: scope.now() };
  await tell?.(scope, { donationId: id, amountMinor: 700 }, event);
  await tell?.(scope, { donationId: id, amountMinor: 700 }, event);
  t.is((await mails()).length, 4);
});
