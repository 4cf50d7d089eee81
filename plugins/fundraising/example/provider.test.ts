import test from 'ava';
import { providerFaults } from 'rostra/fundraising/testing';
import { Fetch } from 'rostra/plugin';
import { makeApp, pluginFaults } from 'rostra/testing';
import { startSou } from './fixture.ts';
import { makeSou } from './provider.ts';

test('Sou keeps all that a provider promises', async (t) => {
  const sou = await startSou(t, () => new Date('2026-11-24T10:00:00Z'));
  const app = await makeApp(t, { plugins: [import.meta.dirname], allowPrivate: [sou.host] });
  const { account } = sou;
  const faults = await providerFaults({
    scope: app.scope(),
    provider: makeSou(app.get('sou')(Fetch)),
    account,
    far: sou,
    wrongAccounts: [
      { ...account, isTest: false },
      { ...account, settings: { ...account.settings, token: 'the token of nobody' } },
    ],
    refusedAmount: { minor: 9, currency: 'EUR' },
  });
  t.deepEqual(faults, []);
});

test('nothing is wrong with it as a plugin', async (t) => {
  t.deepEqual(await pluginFaults(import.meta.dirname), []);
});
