// What staff enter by hand keeps the same promises as what a provider takes, but for those that need one to be asked.
import test from 'ava';
import { openDesk } from '../fixture.ts';
import type { PaymentProvider } from '../index.ts';
import { checkLedgers } from '../ledger.ts';
import { providerFaults } from '../testing/index.ts';
import { openOffline, type Way } from './offline-fixture.ts';

const account = { id: '1', isTest: false, settings: {} };

for (const way of ['promised', 'unannounced'] as const satisfies readonly Way[]) {
  test.serial(`gifts by hand that come ${way} keep all that a provider promises`, async (t) => {
    const desk = await openDesk(t, 'fr');
    const { scope } = desk;
    const trial = { scope, account, wrongAccounts: [], currencies: ['EUR'] };
    const offline = openOffline(desk, way);
    t.deepEqual(await providerFaults({ ...trial, ...offline }), []);
    t.deepEqual(await checkLedgers(scope), []);

    let count = 0;
    const forgetful: PaymentProvider['refund'] = (own, of, order) =>
      offline.provider.refund(own, of, { ...order, key: `${order.key}-${(count += 1)}` });
    const provider = { ...offline.provider, refund: forgetful };
    t.deepEqual(
      (await providerFaults({ ...trial, ...offline, provider })).filter((one) => /twice/.test(one)),
      ['a refund: asked for twice it is two'],
      'the trial sees what is broken',
    );
  });
}
