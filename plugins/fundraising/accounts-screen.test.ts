// The treasurer fills in an account at a provider, without a script; nobody reads a key again.
import test from 'ava';
import { settlePayment } from './payment-settle.ts';
import {
  donationOf,
  openHouse,
  pay,
  paymentOf,
  reconcileIn,
  settingsOf,
} from './payments/fixture.ts';

test('a treasurer fills in an account, is told what is wrong, and ends it', async (t) => {
  const { app, stripe } = await openHouse(t);
  const treasurer = await app.staff('treasurer');
  const made = await treasurer.post('/admin/fundraising/new', {
    ...{ kind: 'party', name: 'AF du Parti', collector: 'financing_association' },
    ...{ agent: 'AF du Parti', address: '1 rue de la Paix, Lyon', currency: 'EUR', isTest: 'true' },
  });
  const accounts = `${made.location}/accounts`;
  t.regex((await treasurer.get(made.location ?? '')).body, new RegExp(`${accounts}"`));
  const empty = await treasurer.get(accounts);
  t.is(empty.status, 200);
  t.regex(empty.body, /stripe-loopback/);
  t.notRegex(empty.body, /hooks\/fundraising/);
  const keys = settingsOf(stripe, 'two');
  const path = `${accounts}/stripe-loopback`;
  const wrong = await treasurer.post(path, { ...keys, secretKey: 'sk_live_notatest' });
  t.is(wrong.status, 422);
  t.regex(wrong.body, /This key takes real money/);
  t.regex(wrong.body, /pk_test_loopback/, 'what was typed stands there again');
  t.notRegex(wrong.body, /sk_live_notatest|whsec_loopback/);
  stripe.become('down');
  const away = await treasurer.post(path, keys);
  t.is(away.status, 422);
  t.regex(away.body, /did not answer/);
  stripe.become('well');
  t.is((await treasurer.post(path, keys)).location, accounts);
  const shown = await treasurer.get(accounts);
  t.regex(shown.body, /http:\/\/localhost:\d+\/hooks\/fundraising\/stripe-loopback\/[0-9a-f]{64}/);
  t.notRegex(shown.body, /sk_test_loopback|whsec_loopback/);
  t.is((await treasurer.post(path, { publishableKey: 'pk_test_loopback' })).status, 303);
  const shared = await treasurer.post(path, settingsOf(stripe));
  t.is(shared.status, 422);
  t.regex(shared.body, /gifts of another recipient already/);
  const administrator = await app.staff();
  t.not((await administrator.get(accounts)).status, 200);
  t.is((await treasurer.post(`${path}/end`, {})).status, 303);
  t.notRegex((await treasurer.get(accounts)).body, /hooks\/fundraising/);
});

test('a treasurer sends a gift back the way it came, and no more than is left', async (t) => {
  const house = await openHouse(t);
  const { app, recipient, stripe } = house;
  const { id, reference } = await pay(house, 2_500);
  await reconcileIn(house, 10);
  const treasurer = await app.staff('treasurer');
  await app.house.database.db.raw(
    `insert into fundraising.office (recipient_id, account_id, duty, since)
     select :id, max(id), 'treasurer', :now from core.account`,
    { id: recipient.id, now: house.scope.now() },
  );
  const gift = `/admin/fundraising/${recipient.id}/donations/${id}`;
  t.regex((await treasurer.get(gift)).body, /Send it back online/);
  const order = { refundAmount: '90', why: 'Given twice' };
  const much = await treasurer.post(`${gift}/refund`, order);
  t.is(much.status, 422);
  t.regex(much.body, /more than is left/);
  t.regex(much.body, /Given twice/);
  t.is((await treasurer.post(`${gift}/refund`, { ...order, refundAmount: '10' })).status, 303);
  t.regex((await treasurer.get(gift)).body, /Ordered/);
  await app.drain();
  t.is(stripe.find(String(stripe.intent(reference).latest_charge)).amount_refunded, 1_000);
  t.regex((await treasurer.get(gift)).body, /Went back/);
  t.is((await donationOf(house, id)).refundedMinor, 1_000);
});

test('a form that is sent twice sends money back once, by hand as online, and a reference is entered once', async (t) => {
  const house = await openHouse(t);
  const { app, recipient, stripe } = house;
  const { id, reference } = await pay(house, 2_500);
  await reconcileIn(house, 10);
  const treasurer = await app.staff('treasurer');
  await app.house.database.db.raw(
    `insert into fundraising.office (recipient_id, account_id, duty, since)
     select :id, max(id), 'treasurer', :now from core.account`,
    { id: recipient.id, now: house.scope.now() },
  );
  const gift = `/admin/fundraising/${recipient.id}/donations/${id}`;
  const keyOf = async () =>
    / name="key" value="([0-9a-f-]{36})"/.exec((await treasurer.get(gift)).body)?.[1] ?? '';
  const online = { refundAmount: '10', why: 'Given twice', key: await keyOf() };
  await treasurer.post(`${gift}/refund`, online);
  t.is((await treasurer.post(`${gift}/refund`, online)).status, 303);
  await app.drain();
  t.is(stripe.find(String(stripe.intent(reference).latest_charge))['amount_refunded'], 1_000);
  const hand = { amount: '3', reference: 'transfer', key: await keyOf() };
  t.is((await treasurer.post(`${gift}/back`, hand)).status, 303);
  t.is((await treasurer.post(`${gift}/back`, hand)).status, 303);
  t.is((await donationOf(house, id)).refundedMinor, 1_300);
  const again = await treasurer.post(`${gift}/back`, { ...hand, amount: '4', key: await keyOf() });
  t.is(again.status, 422);
  t.regex(again.body, /refund with this reference was entered/);
  t.regex(again.body, /value="transfer"/, 'what was typed stands there again');
  const much = await treasurer.post(`${gift}/back`, {
    ...{ amount: '20', reference: 'cheque 7', key: await keyOf() },
  });
  t.is(much.status, 422);
  t.is((await donationOf(house, id)).refundedMinor, 1_300);
  const settle = async () =>
    settlePayment(house.scope, house.deps, (await paymentOf(house, id)).id);
  await settle();
  t.notRegex((await treasurer.get(gift)).body, /Not all that the provider says/);
  stripe.find(stripe.dispute(reference))['currency'] = 'usd';
  await settle();
  t.regex((await treasurer.get(gift)).body, /Not all that the provider says is entered/);
});
