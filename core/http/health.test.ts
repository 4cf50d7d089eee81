import test from 'ava';
import { isLoopback, makeAddressOf, shortAddress } from './client.ts';
import { cspOf } from './csp.ts';
import { encodingFor } from './encoding.ts';
import { makeFixture } from './fixture.ts';
import { metricsToken } from './health.ts';

test('ready is said only while the database answers', async (t) => {
  const { get, core } = await makeFixture(t);
  t.is((await get('/health/ready')).text, 'ready\n');
  core.versions.poll = () => Promise.reject(new Error('gone'));
  t.is((await get('/health/ready')).status, 503);
  t.is((await get('/health/live')).status, 200);
});

test('numbers are for this machine, or for who has the token', async (t) => {
  const { get, core } = await makeFixture(t);
  t.regex((await get('/metrics')).text, /rostra_kept_pages_total 0/);
  const proxied = { 'x-forwarded-for': '203.0.113.7' };
  t.is((await get('/metrics', proxied)).status, 404);
  t.is((await get('/metrics', { ...proxied, authorization: 'Bearer no' })).status, 404);
  const authorization = `Bearer ${metricsToken(core.config.secret)}`;
  t.is((await get('/metrics', { ...proxied, authorization })).status, 200);
});

test('of a forwarded address only what trusted proxies say is believed', (t) => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as never;
  const addressOf = makeAddressOf(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  t.is(addressOf(request('198.51.100.1', '203.0.113.7')), '198.51.100.1');
  t.is(addressOf(request('::ffff:127.0.0.1', '203.0.113.7')), '203.0.113.7');
  t.is(addressOf(request('10.1.1.1', '1.1.1.1, 203.0.113.7, 10.2.2.2')), '203.0.113.7');
  t.is(addressOf(request('10.1.1.1', 'nonsense')), '10.1.1.1');
  t.is(addressOf(request('fd00::1', '2001:db8::7')), '2001:db8::7');
});

test('an address is shortened to what no household has alone', (t) => {
  t.is(shortAddress('203.0.113.77'), '203.0.113.0');
  t.is(shortAddress('2001:db8:1:2::7'), '2001:db8:1::');
  t.is(shortAddress('who'), 'unknown');
  t.true(isLoopback('::1'));
  t.false(isLoopback('198.51.100.1'));
});

test('the encoding is the best one that the reader takes', (t) => {
  t.is(encodingFor('gzip, deflate, br, zstd'), 'br');
  t.is(encodingFor('gzip;q=0.5, br;q=0'), 'gzip');
  t.is(encodingFor('*'), 'br');
  t.is(encodingFor('identity'), 'identity');
  t.is(encodingFor(undefined), 'identity');
});

test('the policy takes origins only', (t) => {
  const policy = cspOf([{ frame: ['https://pay.example', 'data:', '*', "'unsafe-inline'"] }]);
  t.regex(policy, /frame-src https:\/\/pay.example;/);
  t.notRegex(policy, /\*|unsafe/);
});
