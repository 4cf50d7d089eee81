// The account at a gateway, as staff fill it in: kept when it works, told why when not, and tried on one's own telephone.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { startSmsc } from '../gateways/smsc.ts';

test('an account is tried, kept without showing its password, and sends a test', async (t) => {
  const far = await startSmsc(t);
  const app = await makeApp(t, { allowPrivate: [far.host] });
  const staff = await app.staff();
  const first = await staff.get('/admin/sms/gateway');
  t.is(first.status, 200);
  const keys = { host: '127.0.0.1', port: String(far.port), tls: 'no', systemId: 'parti' };
  const own = { sender: '+33700000001', price: '0.045', currency: 'EUR', perSecond: '' };
  const wrong = await staff.post('/admin/sms/gateway/smpp', { ...own, ...keys, password: 'other' });
  t.is(wrong.status, 422);
  t.regex(wrong.body, /does not take these keys/);
  t.regex(wrong.body, /value="parti"/);
  const kept = await staff.post('/admin/sms/gateway/smpp', { ...own, ...keys, password: 'secret' });
  t.is(kept.status, 303);
  const again = await staff.post('/admin/sms/gateway/smpp', { ...own, ...keys, password: '' });
  t.is(again.status, 303);
  const shown = await staff.get('/admin/sms/gateway');
  t.notRegex(shown.body, /value="secret"/);
  t.regex(shown.body, /0\.045/);
  t.regex(shown.body, /Leave empty/);
  const tried = await staff.post('/admin/sms/gateway/try', { number: '+33612345678' });
  t.regex(tried.body, /The gateway took it/);
  t.is(far.taken.length, 1);
  await staff.post('/admin/sms/gateway/try', { number: '(202) 555-0123' });
  t.is(far.taken.at(-1)?.to, '+12025550123', 'as it is dialled at home');
  const bad = await staff.post('/admin/sms/gateway/try', { number: '06 12' });
  t.is(bad.status, 422);
  t.regex(bad.body, /value="06 12"/);
  const empty = await staff.post('/admin/sms/gateway/smpp', { ...own, sender: '' });
  t.regex(empty.body, /<a href="#f-sender">Sender – /);
  t.regex(empty.body, /<a href="#f-host">Host – /, 'all at once');
  await staff.post('/admin/sms/gateway/end', {});
  t.notRegex((await staff.get('/admin/sms/gateway')).body, /In use/);
});
