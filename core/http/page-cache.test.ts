import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import test from 'ava';
import { fixedClock } from '../clock.ts';
import { type Context, router } from './context.ts';
import { type Fixture, lyon, makeFixture, party } from './fixture.ts';
import { makePageCache } from './page-cache.ts';

/** A site with a counter: the number tells whether the page was made anew. */
function counted(answer: (ctx: Context, made: number) => unknown = () => undefined) {
  let made = 0;
  const site = router();
  site.get('/page', async (ctx) => {
    made += 1;
    ctx.keep();
    await answer(ctx, made);
    await ctx.render('page', { made, text: 'é'.repeat(2_000) });
  });
  return { plugins: { website: { site } } };
}
const numberOf = (text: string) => Number(/"made":(\d+)/.exec(text)?.[1]);
const read = async (fixture: Fixture, headers?: Record<string, string>, path = '/page') => {
  const { text } = await fixture.get(path, { host: 'parti.example', ...headers });
  await sleep(30);
  return numberOf(text);
};

test('a page is made once and then answered from memory, with the same headers', async (t) => {
  const fixture = await makeFixture(t, counted());
  const first = await fixture.get('/page');
  await sleep(30);
  const second = await fixture.get('/page');
  t.is(second.text, first.text);
  t.is(fixture.pages.counter.hits(), 1);
  t.is(second.headers['content-security-policy'], first.headers['content-security-policy']);
  t.is(second.headers['content-type'], 'text/html; charset=utf-8');
  t.is(second.headers.vary, 'Accept-Encoding');
  t.is(second.headers['x-request-id'], undefined);
  t.is(second.headers['set-cookie'], undefined);
});

test('it is kept plain, as gzip and as br', async (t) => {
  const fixture = await makeFixture(t, counted());
  const { bytes } = await fixture.get('/page');
  await sleep(100);
  const br = await fixture.get('/page', { 'accept-encoding': 'gzip, br' });
  const gzip = await fixture.get('/page', { 'accept-encoding': 'gzip' });
  t.is(br.headers['content-encoding'], 'br');
  t.is(gzip.headers['content-encoding'], 'gzip');
  t.deepEqual(brotliDecompressSync(br.bytes), bytes);
  t.deepEqual(gunzipSync(gzip.bytes), bytes);
  t.is(br.headers['content-length'], String(br.bytes.length));
  t.is(fixture.pages.counter.hits(), 2);
});

test('who has the page already is told so', async (t) => {
  const fixture = await makeFixture(t, counted());
  await read(fixture);
  const { headers } = await fixture.get('/page', { host: 'parti.example' });
  const etag = String(headers.etag);
  const again = await fixture.get('/page', { host: 'parti.example', 'if-none-match': etag });
  t.is(again.status, 304);
  t.is(again.text, '');
  t.is(again.headers.etag, etag);
  const other = { host: 'parti.example', 'if-none-match': 'W/"other"' };
  t.is((await fixture.get('/page', other)).status, 200);
});

test('HEAD is answered from memory too, without a body', async (t) => {
  const fixture = await makeFixture(t, counted());
  const { bytes } = await fixture.get('/page');
  await sleep(30);
  const head = await fixture.send({ method: 'HEAD', path: '/page' });
  t.is(head.status, 200);
  t.is(head.headers['content-length'], String(bytes.length));
  t.is(head.text, '');
  t.is(fixture.pages.counter.hits(), 1);
});

test('a change of the site drops its pages and no other’s; a change of the house drops all', async (t) => {
  const fixture = await makeFixture(t, counted());
  const atLyon = { host: 'lyon.example' };
  t.is(await read(fixture), 1);
  t.is(await read(fixture, atLyon), 2);
  fixture.bump(`site:${party.id}`);
  t.is(await read(fixture), 3);
  t.is(await read(fixture, atLyon), 2);
  fixture.bump('house');
  t.is(await read(fixture, atLyon), 4);
  fixture.bump('*');
  t.is(await read(fixture, atLyon), 5);
  fixture.bump(`site:${lyon.id}`);
  t.is(await read(fixture, atLyon), 6);
});

test('a page made before a change is not kept after it', async (t) => {
  let change: () => void = () => {};
  const fixture = await makeFixture(
    t,
    counted((_ctx, made) => (made === 1 ? change() : undefined)),
  );
  change = () => fixture.bump(`site:${party.id}`);
  t.is(await read(fixture), 1);
  t.is(await read(fixture), 2);
  t.is(await read(fixture), 2);
});

test('a page is kept only until its time', async (t) => {
  const fixture = await makeFixture(
    t,
    counted((ctx) => ctx.keep(new Date('2026-11-24T12:00:00Z'))),
  );
  t.is(await read(fixture), 1);
  fixture.clock.set('2026-11-24T11:59:59Z');
  t.is(await read(fixture), 1);
  fixture.clock.set('2026-11-24T12:00:00Z');
  t.is(await read(fixture), 2);
});

test('what is asked with a query is made anew', async (t) => {
  const fixture = await makeFixture(t, counted());
  await read(fixture, {}, '/page?a=1');
  t.is(await read(fixture, {}, '/page?a=1'), 2);
  t.is(await read(fixture, {}, '/page?'), 3);
  t.is(fixture.pages.size(), 0);
});

test('whoever came by a marked link gets the page that is kept, and one of them is enough to keep it', async (t) => {
  const fixture = await makeFixture(t, counted());
  t.is(await read(fixture, {}, '/page?tracking=9f3a'), 1);
  t.is(await read(fixture), 1);
  t.is(await read(fixture, {}, '/page?tracking=77e1'), 1);
  t.is(await read(fixture, {}, '/page?tracking=77e1&a=1'), 2);
  t.is(await read(fixture, {}, '/page?tracking=%2e%2e'), 3);
});

test('a page with a cookie is not kept', async (t) => {
  const fixture = await makeFixture(
    t,
    counted((ctx) => ctx.append('Set-Cookie', 'a=b')),
  );
  await read(fixture);
  t.is(await read(fixture), 2);
});

test('a page of the admin, another status and an unasked page are not kept', async (t) => {
  const site = router();
  site.get('/gone', async (ctx) => {
    ctx.keep();
    await ctx.render('gone', {}, 410);
  });
  site.get('/unasked', (ctx) => ctx.render('unasked'));
  const { get, pages } = await makeFixture(t, { plugins: { website: { site } } });
  await get('/gone');
  await get('/unasked');
  await sleep(30);
  t.is(pages.size(), 0);
});

test('memory is bounded: the page that was not asked for longest goes first', async (t) => {
  const versions = {
    current: () => '0',
    listen: () => {},
    bump: async () => {},
    settle: async () => {},
    poll: async () => {},
    stop: async () => {},
  };
  const pages = makePageCache(versions, fixedClock('2026-11-24T10:00:00Z'), 100_000);
  for (let at = 0; at < 100; at += 1) {
    const page = { organizationId: '1', stamp: pages.stamp('1'), host: 'a', path: `/${at}` };
    await pages.store({ ...page, html: 'a'.repeat(5_000), headers: {}, until: undefined });
    t.true(pages.size() <= 100_000);
  }
  t.true(pages.size() > 50_000);
});
