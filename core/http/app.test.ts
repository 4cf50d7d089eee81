import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { router } from './context.ts';
import { lyon, makeFixture, party, staffSession } from './fixture.ts';

const website = () => {
  const site = router();
  site.get('/hello', (ctx) => ctx.render('hello', { organization: ctx.scope.organization.name }));
  return { site };
};

test('a page of a plugin is drawn in the frame of the site', async (t) => {
  const { get } = await makeFixture(t, { plugins: { website: website() } });
  const { status, headers, text } = await get('/hello', { host: 'parti.example' });
  t.is(status, 200);
  t.is(text, '<html>site website/hello {"organization":"Parti"} {"site":true}</html>');
  t.is(headers['set-cookie'], undefined);
  t.is(headers['cache-control'], 'no-cache');
});

test('the host says whose site it is, and an unknown one is nobody’s', async (t) => {
  const { get } = await makeFixture(t, { plugins: { website: website() } });
  t.regex((await get('/hello', { host: 'LYON.example:8080' })).text, /Lyon/);
  t.is((await get('/hello', { host: 'stranger.example' })).status, 421);
});

test('the security headers are there, HSTS only over https', async (t) => {
  const plain = await (await makeFixture(t)).get('/');
  t.regex(
    String(plain.headers['content-security-policy']),
    /^default-src 'none'; script-src 'self';/,
  );
  t.is(plain.headers['referrer-policy'], 'same-origin');
  t.is(plain.headers['x-content-type-options'], 'nosniff');
  t.is(plain.headers['strict-transport-security'], undefined);
  const secure = await makeFixture(t, { config: { url: 'https://parti.example' } });
  t.regex(String((await secure.get('/')).headers['strict-transport-security']), /max-age/);
});

test('a foreign source that a plugin declares stands in the policy of its own pages alone', async (t) => {
  const csp = {
    img: ['https://tiles.example', "x'; script-src *"],
    formAction: ['https://pay.example'],
  };
  const site = router();
  site.get('/map', (ctx) => ctx.render('map'));
  const { get } = await makeFixture(t, { plugins: { map: { site, csp }, website: website() } });
  const policyOf = async (path: string) =>
    String((await get(path)).headers['content-security-policy']);
  const policy = await policyOf('/map');
  t.regex(policy, /img-src 'self' data: https:\/\/tiles.example;/);
  t.regex(policy, /form-action 'self' https:\/\/pay.example;/);
  t.notRegex(policy, /script-src \*/);
  t.notRegex(await policyOf('/hello'), /tiles|pay/);
});

test('a panel and a piece bring the sources of their plugin along, and what fails brings none', async (t) => {
  const site = router();
  site.get('/piece', async (ctx) => {
    const html = await ctx.piece('map', 'tile', {});
    await ctx.render('hello', { html: String(html) });
  });
  site.get('/panel', async (ctx) => {
    await ctx.render('hello', { panels: (await ctx.panels('hall', '1')).length });
  });
  site.get('/paid', async (ctx) => {
    ctx.allow('map');
    await ctx.render('hello');
  });
  const panel = { slot: 'hall', view: 'tile', data: async () => ({}) };
  const broken = { ...panel, data: () => Promise.reject(new Error('no')) };
  const csp = (img: string) => ({ img: [img] });
  const { get, standing, reports } = await makeFixture(t, {
    plugins: {
      map: { csp: csp('https://tiles.example'), panels: [panel] },
      bad: { csp: csp('https://bad.example'), panels: [broken] },
      hall: { site },
    },
  });
  for (const path of ['/piece', '/panel', '/paid']) {
    const policy = String((await get(path)).headers['content-security-policy']);
    t.regex(policy, /tiles\.example/, path);
    t.notRegex(policy, /bad\.example/, path);
  }
  t.regex((await get('/piece')).text, /site map\/tile/);
  t.deepEqual(reports, ['bad panel tile Error: no']);
  standing.map = { on: false, by: 'switch' };
  t.notRegex(String((await get('/paid')).headers['content-security-policy']), /tiles/);
});

test('a handler that throws answers 500 with the log’s id and nothing of its message', async (t) => {
  const site = router();
  site.get('/broken', () => {
    throw new Error('the password is swordfish');
  });
  const { get, lines, reports } = await makeFixture(t, {
    plugins: { bad: { site }, website: website() },
  });
  const { status, text, headers } = await get('/broken');
  t.is(status, 500);
  t.notRegex(text, /swordfish/);
  const id = String(headers['x-request-id']);
  t.true(text.includes(id));
  t.true(lines.some((line) => line.includes(id) && line.includes('swordfish')));
  t.deepEqual(reports, ['bad GET /broken Error: the password is swordfish']);
  t.is((await get('/hello')).status, 200);
});

test('a handler that hangs is answered for with 503 and named', async (t) => {
  const site = router();
  site.get('/hang', () => sleep(60_000, undefined, { ref: false }));
  const { get, lines, reports } = await makeFixture(t, {
    plugins: { slow: { site }, website: website() },
    parts: { handlerMs: 100 },
  });
  const [hung, other] = await Promise.all([get('/hang'), get('/hello')]);
  t.is(hung.status, 503);
  t.is(hung.headers['retry-after'], '5');
  t.is(other.status, 200);
  t.true(lines.some((line) => line.includes('"plugin":"slow"') && line.includes('within 100 ms')));
  t.is(reports.length, 1);
});

test('a switch acts at the next request', async (t) => {
  const { get, standing } = await makeFixture(t, { plugins: { website: website() } });
  t.is((await get('/hello')).status, 200);
  standing.website = { on: false, by: 'switch' };
  t.is((await get('/hello')).status, 404);
  standing.website = { on: true };
  t.is((await get('/hello')).status, 200);
});

test('the fallback answers what nobody else does', async (t) => {
  const { get } = await makeFixture(t, {
    plugins: {
      website: { fallback: (ctx, next) => (ctx.path === '/page' ? ctx.render('page') : next()) },
      example: website(),
    },
  });
  t.regex((await get('/page')).text, /website\/page/);
  t.regex((await get('/hello')).text, /example\/hello/);
  const gone = await get('/nothing');
  t.is(gone.status, 404);
  t.regex(gone.text, /site http\/fault .*core.not-found/);
});

test('HEAD answers as GET does, without the body', async (t) => {
  const { send, get } = await makeFixture(t, { plugins: { website: website() } });
  const head = await send({ method: 'HEAD', path: '/hello' });
  t.is(head.status, 200);
  t.is(head.text, '');
  t.is(head.headers['content-length'], (await get('/hello')).headers['content-length']);
});

for (const path of ['/%', '/%E0%A4%A', '/a%00b', '/%ff']) {
  test(`the malformed address ${path} is a 400`, async (t) => {
    const { get } = await makeFixture(t, { plugins: { website: website() } });
    t.is((await get(path)).status, 400);
  });
}

test('a program is told of a fault in problem+json', async (t) => {
  const { get } = await makeFixture(t);
  const { headers, text } = await get('/api/v1/nobody', { accept: 'application/json' });
  t.is(headers['content-type'], 'application/problem+json');
  t.like(JSON.parse(text), { status: 404, code: 'core.not-found' });
});

test('before the party is set up there is only the setup page', async (t) => {
  const setup = router();
  setup.get('/setup', (ctx) => ctx.render('setup/setup', { locale: ctx.scope.locale }));
  const { get } = await makeFixture(t, {
    isSetUp: false,
    parts: { setup },
    plugins: { website: website() },
  });
  const page = await get('/hello');
  t.is(page.status, 503);
  t.regex(page.text, /setup\/waiting/);
  t.is((await get('/setup')).status, 200);
  t.is((await get('/assets/core/abc/core.css')).text, 'plain');
  t.is((await get('/health/live')).status, 200);
});

test('an asset is packed, kept for ever, and not sent twice', async (t) => {
  const { get } = await makeFixture(t);
  const address = '/assets/core/abc/core.css';
  const br = await get(address, { 'accept-encoding': 'gzip, br' });
  t.is(br.headers['content-encoding'], 'br');
  t.is(br.text, 'packed');
  t.regex(String(br.headers['cache-control']), /immutable/);
  t.is((await get(address, { 'if-none-match': '"tag"' })).status, 304);
  t.is((await get('/assets/core/abc/none.css')).status, 404);
});

test('the log says who only in short, and no value of a query', async (t) => {
  const { get, lines } = await makeFixture(t, {
    plugins: { website: website() },
    config: { trustedProxies: ['127.0.0.1'] },
  });
  await get('/hello?email=anne@parti.example', { 'x-forwarded-for': '203.0.113.77' });
  const [line = '{}'] = lines;
  t.like(JSON.parse(line), {
    route: '/hello',
    from: '203.0.113.0',
    status: 200,
    plugin: 'website',
  });
  t.notRegex(line, /anne/);
});

test('staff of the party work in the admin, in a chapter’s too, and it is never kept', async (t) => {
  const admin = router();
  admin.get('/', (ctx) => ctx.render('list', { at: ctx.scope.organization.name }));
  const { get } = await makeFixture(t, {
    plugins: { people: { admin } },
    session: staffSession(party.id),
  });
  const cookie = 'staff=yes';
  const root = await get('/admin/people', { cookie });
  t.is(root.text, '<html>admin people/list {"at":"Parti"} {"base":"/admin"}</html>');
  t.is(root.headers['cache-control'], 'no-store');
  t.regex(
    (await get('/admin/@lyon/people', { cookie })).text,
    /"at":"Lyon"} {"base":"\/admin\/@lyon"}/,
  );
  t.is((await get('/admin/@nowhere/people', { cookie })).status, 404);
});

test('who is not logged in is led to the log-in page', async (t) => {
  const { get } = await makeFixture(t, { plugins: { people: { admin: router() } } });
  const { status, headers } = await get('/admin/people?a=b');
  t.is(status, 303);
  t.is(headers.location, '/account/log-in?next=%2Fadmin%2Fpeople%3Fa%3Db');
  const htmx = await get('/admin/people', { 'hx-request': 'true' });
  t.is(htmx.status, 204);
  t.is(htmx.headers['hx-redirect'], '/account/log-in?next=%2Fadmin%2Fpeople');
});

test('staff of a chapter are led from the party’s admin to their own', async (t) => {
  const admin = router();
  admin.get('/', (ctx) => ctx.render('list'));
  const { get } = await makeFixture(t, {
    plugins: { people: { admin } },
    session: staffSession(lyon.id),
  });
  const cookie = 'staff=yes';
  t.is((await get('/admin/people?q=1', { cookie })).headers.location, '/admin/@lyon/people?q=1');
  t.is((await get('/admin/@parti/people', { cookie })).status, 403);
  t.is((await get('/admin/@lyon/people', { cookie })).status, 200);
});

test('what was done is said once, on the next page of the admin', async (t) => {
  const admin = router();
  admin.get('/', (ctx) => ctx.render('list'));
  admin.post('/', (ctx) => ctx.done('/admin/people', 'people.saved', { name: 'Anne' }));
  const { send, get } = await makeFixture(t, {
    plugins: { people: { admin } },
    session: staffSession(party.id),
  });
  const done = await send({
    method: 'POST',
    path: '/admin/@lyon/people',
    headers: { cookie: 'staff=yes' },
  });
  t.is(done.status, 303);
  t.is(done.headers.location, '/admin/@lyon/people');
  const [written = ''] = done.headers['set-cookie'] ?? [];
  t.regex(written, /HttpOnly; SameSite=Lax/);
  t.notRegex(written, /Anne|Secure/);
  const next = await get('/admin/people', { cookie: `staff=yes; ${written.split(';')[0]}` });
  t.regex(next.text, /"toast":"fr:people.saved/);
  t.regex(String(next.headers['set-cookie']), /Max-Age=0/);
  const forged = await get('/admin/people', { cookie: 'staff=yes; rostra_done=v1.aaaa.bbbb' });
  t.notRegex(forged.text, /toast/);
});

test('a panel that fails is left out and told of', async (t) => {
  const admin = router();
  admin.get('/', async (ctx) => {
    ctx.body = (await ctx.panels('people.person', '1')).map(({ id }) => id).join();
  });
  const panel = (view: string, data: () => Promise<object | undefined>) => ({
    ...{ slot: 'people.person', view, data },
  });
  const { get, reports } = await makeFixture(t, {
    plugins: {
      people: { admin },
      one: { panels: [panel('good', async () => ({})), panel('none', async () => undefined)] },
      two: { panels: [panel('bad', () => Promise.reject(new Error('no')))] },
    },
    session: staffSession(party.id),
  });
  t.is((await get('/admin/people', { cookie: 'staff=yes' })).text, 'one-good');
  t.deepEqual(reports, ['two panel bad Error: no']);
});
