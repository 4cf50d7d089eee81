// Accounts at providers: whose they are, what is kept of them, and that play money never meets real money.
import test from 'ava';
import { isAppError } from 'rostra/plugin';
import { makeRecipient, officerOf, openDesk } from './fixture.ts';
import { openPayment } from './payment.ts';
import { reconcile } from './payment-jobs.ts';
import { donationOf, openCounter, page, pay, promise, settingsOf } from './payments/fixture.ts';
import {
  accountsFor,
  accountsOf,
  closeAccount,
  connectTo,
  hookPathOf,
  saveAccount,
} from './provider-account.ts';

async function faultsOf(act: Promise<unknown>): Promise<unknown> {
  try {
    await act;
    return undefined;
  } catch (error) {
    return isAppError(error) ? (error.details.faults ?? error.code) : error;
  }
}

test.serial('a key is closed in the database, and shown to nobody', async (t) => {
  const { app, scope, recipient } = await openCounter(t);
  const { rows } = await app.house.database.db.raw('select * from fundraising.provider_account');
  t.is(rows.length, 1);
  t.notRegex(JSON.stringify(rows), /sk_test|whsec/);
  const [account] = await accountsOf(scope, recipient.id);
  t.deepEqual(account?.publicSettings, { publishableKey: 'pk_test_loopback' });
  t.notRegex(JSON.stringify(account), /sk_test|whsec/);
  const audit = await app.house.database.db.raw(
    `select * from core.audit where act = 'fundraising.account.saved'`,
  );
  t.is(audit.rows.length, 1);
  t.notRegex(JSON.stringify(audit.rows), /sk_test|whsec|pk_test/);
  t.regex(account ? hookPathOf(account) : '', /^\/hooks\/fundraising\/stripe\/[0-9a-f]{64}$/);
});

test.serial(
  'keys of real money are refused for a recipient that is for trying out, and the other way round',
  async (t) => {
    const { scope, deps, recipient, stripe } = await openCounter(t);
    const live = await makeRecipient(scope, { isTest: false });
    const save = (recipientId: string, secretKey: string) =>
      faultsOf(
        saveAccount(scope, deps, {
          ...{ recipientId, provider: 'stripe' },
          settings: { ...settingsOf(stripe), secretKey },
        }),
      );
    t.deepEqual(await save(recipient.id, 'sk_live_abcdef'), [
      { path: '/secretKey', message: 'fundraising.payment.key-live' },
    ]);
    t.deepEqual(await save(live.id, 'sk_test_loopback'), [
      { path: '/publishableKey', message: 'fundraising.payment.key-test' },
      { path: '/secretKey', message: 'fundraising.payment.key-test' },
    ]);
    t.deepEqual(await save(recipient.id, 'sk_test_ofnobody'), [
      { path: '/secretKey', message: 'fundraising.payment.key-unknown' },
    ]);
    t.deepEqual(await accountsOf(scope, live.id), []);
  },
);

test.serial('a secret that is left empty stays, and the account stays the same', async (t) => {
  const { scope, deps, recipient, accountId } = await openCounter(t);
  const settings = { publishableKey: 'pk_test_another1', secretKey: ' ', webhookSecret: '' };
  const order = { recipientId: recipient.id, provider: 'stripe', settings };
  t.is(await saveAccount(scope, deps, order), accountId);
  const { account } = await connectTo(scope, deps, accountId);
  t.is(account.settings.secretKey, 'sk_test_loopback');
  t.is(account.settings.publishableKey, 'pk_test_another1');
});

test.serial(
  'the webhook’s secret may come later, and until then no call is believed',
  async (t) => {
    const { scope, deps, recipient, stripe, accountId } = await openCounter(t);
    const { webhookSecret, ...keys } = settingsOf(stripe);
    await closeAccount(scope, deps, accountId);
    const order = { recipientId: recipient.id, provider: 'stripe' };
    const id = await saveAccount(scope, deps, { ...order, settings: keys });
    const call = stripe.event('payout.paid', stripe.find(stripe.payOut(100)));
    const read = async () => {
      const { service, account } = await connectTo(scope, deps, id);
      return service.readHook(scope, account, call);
    };
    t.is(await read(), undefined);
    await saveAccount(scope, deps, { ...order, settings: { webhookSecret } });
    t.truthy(await read());
  },
);

test.serial(
  'the treasurer alone fills in an account, also one whose recipient is a chapter’s',
  async (t) => {
    const counter = await openCounter(t);
    const { app, deps, stripe } = counter;
    const lyon = await app.chapter('Lyon');
    const recipient = await makeRecipient(app.scope(lyon), { isTest: true });
    const order = {
      recipientId: recipient.id,
      provider: 'stripe',
      settings: settingsOf(stripe, 'lyon'),
    };
    for (const duty of ['treasurer', 'delegate', 'accountant'] as const) {
      const actor = await officerOf({ app, scope: app.scope(lyon) }, recipient.id, duty);
      const request = { organizationId: lyon, actor };
      const save = app.house.scopes.with(request, (own) => saveAccount(own, deps, order));
      if (duty === 'treasurer') await t.notThrowsAsync(save);
      else await t.throwsAsync(save, { code: 'core.forbidden' });
      const shown = await app.house.scopes.with(request, (own) => accountsOf(own, recipient.id));
      t.is(shown.length, 1, duty);
    }
    // The second time, with its secrets left as they are.
    const actor = await officerOf({ app, scope: app.scope(lyon) }, recipient.id, 'treasurer');
    const again = { ...order, settings: {} };
    await t.notThrowsAsync(
      app.house.scopes.with({ organizationId: lyon, actor }, (own) =>
        saveAccount(own, deps, again),
      ),
    );
  },
);

test.serial(
  'at an account that ended nothing is paid, and what was paid there is still asked about',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, recipient, accountId } = counter;
    const { id } = await pay(counter);
    await closeAccount(scope, deps, accountId);
    t.deepEqual(await accountsFor(scope, deps, recipient.id, 'card'), []);
    const other = await promise(counter, scope);
    await t.throwsAsync(openPayment(scope, deps, other.id, page), {
      code: 'fundraising.payment-nowhere',
    });
    counter.app.clock.set('2026-11-24T10:30:00Z');
    await reconcile(scope, deps);
    t.is((await donationOf(counter, id)).state, 'accepted');
  },
);

test.serial('one account at the provider takes the gifts of one recipient alone', async (t) => {
  const { scope, deps, stripe, accountId } = await openCounter(t);
  const other = await makeRecipient(scope, { name: 'Another', isTest: true });
  const order = { recipientId: other.id, provider: 'stripe', settings: settingsOf(stripe) };
  t.deepEqual(await faultsOf(saveAccount(scope, deps, order)), [
    { path: '/secretKey', message: 'fundraising.payment.account-elsewhere' },
  ]);
  await closeAccount(scope, deps, accountId);
  await t.notThrowsAsync(saveAccount(scope, deps, order));
});

test.serial(
  'keys of another account make a new one, and what was paid at the old one is asked with its own keys',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, stripe, recipient, accountId } = counter;
    const { id } = await pay(counter);
    const { webhookSecret: _, ...settings } = settingsOf(stripe, 'new');
    const order = { recipientId: recipient.id, provider: 'stripe', settings };
    const made = await saveAccount(scope, deps, order);
    t.not(made, accountId);
    const keysOf = async (one: string) => (await connectTo(scope, deps, one)).account.settings;
    t.is((await keysOf(accountId)).secretKey, 'sk_test_loopback');
    t.is((await keysOf(made)).webhookSecret, undefined, 'nothing of the old one is taken over');
    counter.app.clock.set('2026-11-24T10:30:00Z');
    await reconcile(scope, deps);
    t.is((await donationOf(counter, id)).state, 'accepted');
  },
);

test.serial(
  'the privacy page names Stripe and where its script comes from only once somebody has an account there',
  async (t) => {
    const none = await openDesk(t, 'fr');
    const before = await none.app.visitor().get('/privacy');
    t.is(before.status, 200);
    t.notRegex(before.body, /stripe/i);
    const { app } = await openCounter(t);
    const after = await app.visitor().get('/privacy');
    t.regex(after.body, /Stripe \(Ireland\)/);
    t.regex(after.body, /js\.stripe\.com/);
  },
);
