// The doors as a browser meets them: forms, cookies, redirects, and every view drawn in both languages.
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import test from 'ava';
import { makeHttp } from '../../http/app.ts';
import { router } from '../../http/context.ts';
import { type Got, request } from '../../http/fixture.ts';
import { makeServer } from '../../http/listen.ts';
import { makePageCache } from '../../http/page-cache.ts';
import { loadPacks } from '../../law/pack.ts';
import { loadLocales } from '../../locale.ts';
import { loadThemes } from '../../theme/themes.ts';
import { makeVersions } from '../../versions.ts';
import { codeAt, linkIn, makePlace, origin, type Place, password } from '../fixture.ts';
import { openSession, readSession } from '../session.ts';
import { readToken } from '../token.ts';
import { accountRoutes } from './index.ts';

let place: Place;
let port = 0;
const ends: (() => unknown)[] = [];
test.before(async () => {
  place = await makePlace({ teardown: (end) => void ends.push(end) });
  port = await serve(place);
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function serve({ deps, clock }: Place): Promise<number> {
  const core = resolve(import.meta.dirname, '../..');
  const areas = ['', 'admin/', 'http/', 'accounts/'].map((area) => `${core}/${area}locales`);
  const locales = await loadLocales({ folders: areas, log: deps.log });
  Object.assign(deps.locales, locales);
  const versions = await makeVersions({ database: deps.database, log: deps.log });
  ends.push(() => versions.stop());
  const themes = await loadThemes({
    ...{ folders: [resolve(core, '../themes')], core, locales, log: deps.log, watch: false },
    plugins: () => [],
    lookOf: () => ({ theme: 'plain' }),
    organizations: () => deps.organizations.all(),
    urlOf: () => deps.config.url,
  });
  const config = { ...deps.config, trustedProxies: [], data: '/nowhere' };
  const house = { ...deps, config, versions, themes, packs: await loadPacks() };
  const accounts = accountRoutes(deps);
  const http = makeHttp(house, {
    accounts: {
      readSession: (cookie) => readSession(deps, cookie),
      readToken: (token, organizationId) => readToken(deps, token, organizationId),
      publicRoutes: accounts.public,
      adminRoutes: accounts.admin,
    },
    coreAdmin: [],
    setup: router(),
    frame: async () => ({ nav: [], chapters: [] }),
    siteFrame: async () => ({ site: { menu: [] } }),
    pages: makePageCache(versions, clock),
  });
  const server = makeServer(http.handle);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return (server.address() as AddressInfo).port;
}

/** A browser without JavaScript: keeps its cookies, sends its forms. */
function makeBrowser(language = 'en') {
  const jar = new Map<string, string>();
  async function send(method: string, path: string, form?: Record<string, string>): Promise<Got> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers: Record<string, string> = {
      ...{ host: 'parti.example', 'accept-language': language, 'sec-fetch-site': 'same-origin' },
      ...(cookie && { cookie }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const body = form && new URLSearchParams(form).toString();
    const got = await request(port, { method, path, headers, ...(body !== undefined && { body }) });
    for (const line of got.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return got;
  }
  return {
    jar,
    get: (path: string) => send('GET', path),
    post: (path: string, form: Record<string, string> = {}) => send('POST', path, form),
  };
}

async function enterAs(accountId: string, language?: string) {
  const browser = makeBrowser(language);
  const moment = { db: place.deps.database.db, now: () => place.clock.now() };
  browser.jar.set('__Host-rostra', await openSession(moment, accountId, origin, { grace: true }));
  return browser;
}

/** No key stands where a sentence should. */
const bareKey = />\s*accounts\.[a-z.-]+\s*</;

const stranger = /one that a stranger would try|qu’un inconnu essaierait/;

test.serial('a form with faults comes back with what was typed, never the password', async (t) => {
  await place.clear();
  const browser = makeBrowser('fr');
  const page = await browser.get('/account/log-in?next=%2Fadmin%2Fpeople');
  t.is(page.status, 200);
  t.is(page.headers['cache-control'], 'no-store');
  t.regex(page.text, /autocomplete="username"/);
  t.regex(page.text, /autocomplete="current-password"/);
  t.regex(page.text, /name="next" value="\/admin\/people"/);
  const bad = await browser.post('/account/log-in', { email: 'no-address', password: 'hush-hush' });
  t.is(bad.status, 422);
  t.regex(bad.text, /value="no-address"/);
  t.false(bad.text.includes('hush-hush'));
  const email = 'nobody@parti.example';
  const wrong = await browser.post('/account/log-in', { email, password: 'hush-hush' });
  t.is(wrong.status, 401);
  t.regex(wrong.text, /ne vont pas ensemble/);
  t.is(wrong.headers['set-cookie'], undefined);
});

test.serial(
  'from log in to the second factor, and through both again at the next time',
  async (t) => {
    await place.clear();
    await place.member('administrator', place.party);
    const browser = makeBrowser();
    const form = { email: 'administrator@parti.example', password, next: '//evil.example' };
    const entered = await browser.post('/account/log-in', form);
    t.is(entered.status, 303);
    t.is(entered.headers.location, '/admin');
    t.regex(
      String(entered.headers['set-cookie']),
      /__Host-rostra=.*HttpOnly; SameSite=Lax; Secure/,
    );

    const led = await browser.get('/admin/account');
    t.is(led.headers.location, '/account/two-factor/set-up');
    const setUp = await browser.get('/account/two-factor/set-up');
    t.regex(setUp.text, /<img src="data:image\/svg\+xml;base64,/);
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(setUp.text)?.[1]?.replaceAll(' ', '') ?? '';
    const wrong = await browser.post('/account/two-factor/set-up', { code: '000000' });
    t.is(wrong.status, 422);
    t.true(wrong.text.includes(setUp.text.match(/<code>.*<\/code>/)?.[0] ?? 'nothing'));
    const on = await browser.post('/account/two-factor/set-up', {
      code: await codeAt(place, secret),
    });
    t.is(on.status, 200);
    t.is(on.text.match(/<code>[2-9a-z]{5}-[2-9a-z]{5}<\/code>/g)?.length, 10);
    t.is((await browser.get('/admin/account')).status, 200);

    place.later(60);
    const other = makeBrowser();
    await other.post('/account/log-in', form);
    t.is((await other.get('/admin/account')).headers.location, '/account/two-factor');
    const skipped = await other.get('/account/two-factor/set-up');
    t.is(skipped.headers.location, '/account/two-factor', 'no way round by setting it up anew');
    t.is(
      (await other.post('/admin/account/two-factor/off', { password })).headers.location,
      '/account/two-factor',
    );
    const checked = await other.post('/account/two-factor', { code: await codeAt(place, secret) });
    t.is(checked.headers.location, '/admin');
    t.is((await other.get('/admin/account')).status, 200);
    const out = await other.post('/account/log-out');
    t.is(out.headers.location, '/account/log-in');
    t.is((await other.get('/admin/account')).status, 303);
  },
);

test.serial(
  'a mailed link is opened, then used by a press; the answer is alike for a stranger',
  async (t) => {
    await place.clear();
    await place.member('organiser', place.lyon);
    const browser = makeBrowser();
    const ask = (email: string) =>
      browser.post('/account/log-in-link', { email, purpose: 'log-in' });
    const known = await ask('organiser@parti.example');
    const unknown = await ask('somebodyy@parti.example');
    const plain = (got: Got) => got.text.replaceAll(/(organiser|somebodyy)@/g, '@');
    t.is(plain(known), plain(unknown));
    t.deepEqual([known.status, unknown.status], [200, 200]);
    const path = `/account/link/${linkIn(place.mails[0])}`;
    t.regex((await browser.get(path)).text, /Hello organiser/);
    t.is((await browser.post(path)).headers.location, '/admin');
    t.is((await browser.get('/admin/account')).headers.location, '/admin/@lyon/account');
    const own = await browser.get('/admin/@lyon/account');
    t.is(own.status, 200);
    t.is((await browser.get(path)).status, 410);
    t.is((await makeBrowser().post(path)).status, 410);
  },
);

test.serial('staff at a chapter see themselves, and end their other sessions', async (t) => {
  await place.clear();
  const id = await place.member('organiser', place.lyon);
  const [one, two] = [await enterAs(id), await enterAs(id, 'fr')];
  // Below the chapter where the role is held: the second wall hides the account, not its owner.
  const page = await one.get('/admin/@vaise/account');
  t.is(page.status, 200);
  t.regex(page.text, /Firefox, Linux/);
  t.notRegex(page.text, bareKey);
  const short = await one.post('/admin/@vaise/account/password', {
    current: password,
    password: 'short',
  });
  t.is(short.status, 422);
  const guessed = { current: password, password: 'passwordpassword' };
  t.regex((await one.post('/admin/@vaise/account/password', guessed)).text, stranger);
  const chosen = { current: password, password: 'a phrase that is new' };
  const done = await one.post('/admin/@vaise/account/password', chosen);
  t.is(done.headers.location, '/admin/@vaise/account');
  t.is((await two.get('/admin/@lyon/account')).status, 303, 'logged out elsewhere');
  t.is((await one.get('/admin/@lyon/account')).status, 200);
  const language = await one.post('/admin/account/profile', { name: 'Moi', language: 'en' });
  t.is(language.status, 303);
});

test.serial('the staff pages: for those who may, in both languages', async (t) => {
  await place.clear();
  const admin = await place.member('administrator', place.party);
  const organiser = await place.member('organiser', place.lyon);
  await place.deps.database.db.withSchema('core').from('account').update({ locale: 'fr' });
  const browser = await enterAs(admin);
  const pages = ['/admin/staff', '/admin/staff/roles', '/admin/staff/invite'];
  for (const path of [...pages, `/admin/staff/${organiser}`, '/admin/account']) {
    const page = await browser.get(path);
    t.is(page.status, 200, path);
    t.notRegex(page.text, bareKey, path);
    t.notRegex(page.text, /\[object|undefined/, path);
    t.regex(page.text, /<title>[^·<]+ · parti<\/title>/, path);
  }
  t.regex((await browser.get('/admin/staff/roles')).text, /Write songs/);
  const invited = { name: 'Neuve', email: 'neuve@parti.example', role: 'treasurer' };
  t.is((await browser.post('/admin/staff/invite', invited)).headers.location, '/admin/staff');
  const link = `/account/link/${linkIn(place.mails[0])}`;
  t.regex((await makeBrowser().get(link)).text, /autocomplete="new-password"/);
  const guessed = await makeBrowser().post(link, { password: 'Neuve-neuve-2026' });
  t.is(guessed.status, 422);
  t.regex(guessed.text, stranger);
  t.is((await makeBrowser().post(link, { password: 'a phrase of my own' })).status, 303);
  const last = await browser.post(`/admin/staff/${admin}/roles/withdraw`, {
    role: 'administrator',
    organizationId: place.party,
  });
  t.is(last.status, 409);
  t.regex(last.text, /dernier administrateur/);
  const helper = await enterAs(organiser);
  t.is((await helper.get('/admin/@lyon/staff')).status, 403);
  t.is((await helper.post(`/admin/@lyon/staff/${admin}/disable`)).status, 403);
});

test.serial('mails are drawn with a subject and a way in, in the reader’s language', async (t) => {
  await place.clear();
  const { deps } = place;
  const scope = deps.scopes.make({ organizationId: place.lyon, actor: { kind: 'visitor' } });
  const themes = await loadThemes({
    ...{ folders: [resolve('themes')], core: resolve('core'), log: deps.log, watch: false },
    ...{ locales: deps.locales, plugins: () => [], lookOf: () => ({ theme: 'plain' }) },
    organizations: () => deps.organizations.all(),
    urlOf: () => deps.config.url,
  });
  const href = 'https://parti.example/account/link/x';
  for (const purpose of ['log-in', 'reset']) {
    const mail = await themes.renderMail({
      scope,
      view: 'accounts/link',
      data: { name: 'Anne', href, purpose },
    });
    t.regex(mail.subject, /lyon/);
    t.true(mail.text.includes(href));
    t.notRegex(mail.text + mail.subject, /accounts\./);
  }
  for (const hasPassword of [true, false]) {
    const data = { name: 'Anne', href, hasPassword, inviter: 'Zoé' };
    const mail = await themes.renderMail({ scope, view: 'accounts/invitation', data });
    t.regex(mail.subject, /^lyon vous invite/);
    t.true(mail.text.includes(href));
    t.notRegex(mail.text, /accounts\./);
  }
});
