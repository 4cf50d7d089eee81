import test from 'ava';
import { router } from './context.ts';
import { makeFixture } from './fixture.ts';

const site = router();
site.post('/sign-up', (ctx) => {
  ctx.body = 'taken';
});
const hooks = router();
hooks.post('/paid', async (ctx) => {
  ctx.body = await ctx.raw();
});
const plugins = { website: { site, hooks } };

const cases: [string, Record<string, string>, number][] = [
  ['from the page itself', { 'sec-fetch-site': 'same-origin' }, 200],
  ['typed by the reader', { 'sec-fetch-site': 'none' }, 200],
  ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
  [
    'from another site that claims our origin',
    { 'sec-fetch-site': 'cross-site', origin: 'http://parti.example' },
    403,
  ],
  [
    'from a sister host',
    { 'sec-fetch-site': 'same-site', origin: 'http://other.parti.example' },
    403,
  ],
  ['from a sister host without origin', { 'sec-fetch-site': 'same-site' }, 403],
  ['with our origin, without the newer header', { origin: 'http://parti.example' }, 200],
  ['with another’s origin', { origin: 'http://evil.example' }, 403],
  ['with our host on another port', { origin: 'http://parti.example:81' }, 403],
  ['with origin null', { origin: 'null' }, 403],
  [
    'with origin null from the page itself',
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
    200,
  ],
  ['with an origin that is none', { origin: 'parti.example' }, 403],
  ['by a program', {}, 200],
];

for (const [who, headers, status] of cases) {
  test(`a form ${who} is answered with ${status}`, async (t) => {
    const { send } = await makeFixture(t, { plugins });
    const got = await send({
      ...{ method: 'POST', path: '/sign-up' },
      headers: { host: 'parti.example', ...headers },
    });
    t.is(got.status, status);
  });
}

test('a webhook comes from elsewhere, and is handed on byte by byte', async (t) => {
  const { send } = await makeFixture(t, { plugins });
  const got = await send({
    ...{ method: 'POST', path: '/hooks/website/paid', body: '{"a" : 1}\r\n' },
    headers: { origin: 'https://provider.example', 'sec-fetch-site': 'cross-site' },
  });
  t.is(got.text, '{"a" : 1}\r\n');
  const large = {
    method: 'POST',
    path: '/hooks/website/paid',
    body: Buffer.alloc(1024 * 1024 + 1),
  };
  t.is((await send(large)).status, 413);
});
