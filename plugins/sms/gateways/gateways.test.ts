// Each gateway keeps what SmsGateway promises, against a far side on loopback that speaks its protocol.
import test from 'ava';
import { Dial, Fetch } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import type { SmsAccount } from '../index.ts';
import { gatewayFaults } from '../testing/index.ts';
import { makeHttp } from './http.ts';
import { httpExamples } from './http-examples.ts';
import { startHttpGateway } from './http-peer.ts';
import { makeSmpp } from './smpp.ts';
import { verdictOf as smppVerdict } from './smpp-words.ts';
import { startSmsc } from './smsc.ts';
import { makeTwilio, verdictOf as twilioVerdict } from './twilio.ts';
import { signatureOf } from './twilio-hook.ts';
import { startTwilio, twilioKeys } from './twilio-peer.ts';

const hookUrl = 'https://parti.example/hooks/sms/x/1';
const account = (settings: Record<string, string>): SmsAccount => ({ id: '1', settings, hookUrl });

test('SMPP 3.4 keeps the promises of a gateway', async (t) => {
  const far = await startSmsc(t);
  const app = await makeApp(t, { allowPrivate: [far.host] });
  const keys = { host: '127.0.0.1', port: String(far.port), tls: 'no', systemId: 'parti' };
  const faults = await gatewayFaults({
    ...{ scope: app.scope(), gateway: makeSmpp(app.get('sms')(Dial)), far },
    account: account({ ...keys, password: 'secret' }),
    wrongAccounts: [account({ ...keys, password: 'other' })],
  });
  t.deepEqual(faults, []);
});

test('Twilio keeps the promises of a gateway', async (t) => {
  const far = Object.assign(await startTwilio(t), { hook: hookUrl });
  const app = await makeApp(t, { allowPrivate: [far.host] });
  const faults = await gatewayFaults({
    ...{ scope: app.scope(), gateway: makeTwilio(app.get('sms')(Fetch), far.url), far },
    account: account(twilioKeys),
    wrongAccounts: [account({ ...twilioKeys, authToken: 'other' })],
  });
  t.deepEqual(faults, []);
});

for (const which of ['ovh', 'kannel'] as const) {
  test(`HTTP by template keeps the promises of a gateway, with the settings shown for ${which}`, async (t) => {
    const far = Object.assign(await startHttpGateway(t, which), { hook: hookUrl });
    const app = await makeApp(t, { allowPrivate: [far.host] });
    const shown = httpExamples[which];
    const settings = {
      ...shown,
      secret: 'clef',
      url: String(shown['url']).replace(/^https:\/\/[^/]+/, far.url),
    };
    const faults = await gatewayFaults({
      ...{ scope: app.scope(), gateway: makeHttp(app.get('sms')(Fetch)), far },
      account: account(settings),
      wrongAccounts: [
        account({ ...settings, url: 'nowhere' }),
        account({ ...settings, accepted: '/(/' }),
      ],
    });
    t.deepEqual(faults, []);
  });
}

test('a gateway within our own walls is not spoken to', async (t) => {
  const far = await startSmsc(t);
  const app = await makeApp(t);
  const gateway = makeSmpp(app.get('sms')(Dial));
  const keys = { host: '127.0.0.1', port: String(far.port), tls: 'no', systemId: 'parti' };
  const mine = account({ ...keys, password: 'secret' });
  await t.throwsAsync(gateway.check(app.scope(), mine), { code: 'core.unavailable' } as never);
  await t.throwsAsync(
    gateway.open(app.scope(), mine, async () => {}),
    { code: 'core.unavailable' } as never,
  );
});

test('a gateway says of which refusal nothing will ever arrive', (t) => {
  const twilio = (code: number) => twilioVerdict({ status: 400, body: JSON.stringify({ code }) });
  t.true(twilio(21211).isPermanent);
  t.is(twilio(21211).isLandline, undefined);
  t.true(twilio(21614).isPermanent);
  t.true(twilio(21614).isLandline);
  t.is(twilio(20003).isPermanent, undefined);
  t.is(twilio(21610).isPermanent, undefined, 'its owner said stop');
  const smpp = (command_status: number) =>
    smppVerdict({ command: 'submit_sm_resp', command_status } as never);
  t.true(smpp(0x0b).isPermanent);
  t.is(smpp(0x45).isPermanent, undefined);
});

test('a signature is the one of Twilio’s published example', (t) => {
  // https://github.com/twilio/twilio-python/blob/main/tests/unit/test_request_validator.py
  const fields = new URLSearchParams({
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  });
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  t.is(signatureOf('12345', url, fields), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=');
});
