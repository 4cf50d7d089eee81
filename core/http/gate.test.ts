import test from 'ava';
import type { Standing } from '../registry.ts';
import { router } from './context.ts';
import { makeFixture, reason } from './fixture.ts';

const denied: Standing = { on: false, by: 'law', reasons: [reason] };

function match() {
  const handled: string[] = [];
  const hear = () => {
    const routes = router();
    routes.all('{/*rest}', (ctx) => void handled.push(ctx.path));
    return routes;
  };
  return { handled, plugin: { site: hear(), admin: hear(), api: hear(), hooks: hear() } };
}

const addresses = [
  '/match',
  '/match/deep/er',
  '/admin/social',
  '/admin/social/1',
  '/api/v1/social',
  '/hooks/social/x',
];

for (const address of addresses) {
  test(`${address} of a plugin that the law forbids answers 451 to every method and everybody`, async (t) => {
    const plugins = { social: { paths: ['/match'] } };
    const { send } = await makeFixture(t, { plugins, standing: { social: denied } });
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await send({ method, path: address });
      t.is(status, 451, method);
      t.is(headers['cache-control'], 'no-store');
      t.is(headers.link, '<https://regulator.example/communiqu%C3%A9>; rel="blocked-by"');
    }
  });
}

test('the page says the rule, its source and its date', async (t) => {
  const plugins = { social: { paths: ['/match'] } };
  const { get } = await makeFixture(t, { plugins, standing: { social: denied } });
  const { text } = await get('/admin/social');
  t.regex(text, /^<html>site http\/blocked /);
  t.true(text.includes(reason.rule) && text.includes(reason.source) && text.includes(reason.asOf));
  const program = JSON.parse((await get('/api/v1/social')).text);
  t.like(program, { status: 451, code: 'law.plugin-off', plugin: 'social' });
});

test('the law is asked before body and origin are looked at', async (t) => {
  const plugins = { social: { paths: ['/match'] } };
  const { send } = await makeFixture(t, { plugins, standing: { social: denied } });
  const headers = { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
  t.is((await send({ method: 'POST', path: '/match', headers, body: '{broken' })).status, 451);
});

test('a plugin switched off answers 404, and none of its routes runs', async (t) => {
  const { handled, plugin } = match();
  const { get } = await makeFixture(t, {
    plugins: { social: { ...plugin, paths: ['/match'] } },
    standing: { social: { on: false, by: 'switch' } },
  });
  for (const address of addresses) t.is((await get(address)).status, 404, address);
  t.deepEqual(handled, []);
});

test('a plugin that could not be loaded answers 503', async (t) => {
  const plugins = { social: { paths: ['/match'] } };
  const standing = { social: { on: false, by: 'fault' } as const };
  const { get } = await makeFixture(t, { plugins, standing });
  t.is((await get('/match')).status, 503);
});

test('in a chapter’s admin the chapter’s law holds', async (t) => {
  const plugins = { social: { paths: ['/match'] } };
  const { get } = await makeFixture(t, { plugins, standing: { social: denied } });
  t.is((await get('/admin/@lyon/social/anything')).status, 451);
});
