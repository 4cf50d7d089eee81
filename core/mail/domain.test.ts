// A sending domain: signed once receivers can look the key up, told what to enter, started slowly.
import { createPublicKey, verify } from 'node:crypto';
import test from 'ava';
import type { ParsedMail } from 'mailparser';
import { examine } from '../cli/doctor.ts';
import { openBrowser } from '../testing/browser.ts';
import { startDnsPeer } from '../testing/dns-peer.ts';
import { makeApp } from '../testing/index.ts';
import { deliverMail } from './deliver.ts';
import { examineDomain } from './domain.ts';
import { makeMailHouse, startMailPeer } from './fixture.ts';

const key = 'TXT rostra._domainkey.parti-lyon.fr';

/** As a receiver does it: RFC 6376, headers "relaxed". */
function isSignedBy(mail: ParsedMail, publicKey: string): boolean {
  const lineOf = (name: string) =>
    mail.headerLines.find(({ key: one }) => one === name)?.line ?? '';
  const relaxed = (line: string) => {
    const [name = '', ...rest] = line.split(':');
    return `${name.toLowerCase()}:${rest.join(':').replace(/\s+/g, ' ').trim()}`;
  };
  const own = lineOf('dkim-signature');
  const signature = /\bb=([^;]+)/.exec(own)?.[1]?.replace(/\s/g, '') ?? '';
  const names = /\bh=([^;]+)/.exec(own)?.[1]?.toLowerCase().split(':') ?? [];
  const signed = names.map((name) => lineOf(name.trim())).filter(Boolean);
  const text = [...signed, own.replace(/\bb=[^;]+/, 'b=')].map(relaxed).join('\r\n');
  const der = { key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' } as const;
  const bytes = Buffer.from(signature, 'base64');
  return verify('sha256', Buffer.from(text), createPublicKey(der), bytes);
}

test('messages are signed from the moment that the key is found in the DNS, until it goes', async (t) => {
  const house = await makeMailHouse(t);
  const [peer, dns] = [await startMailPeer(t), await startDnsPeer(t)];
  Object.assign(house.config, { dnsServers: [dns.address] });
  const values = { mailServer: peer.url, mailFromAddress: 'lettre@parti-lyon.fr' };
  await house.settings.change(house.scope(), 'core', { values });
  const look = () =>
    examineDomain(house, house.scope().organization, { now: house.scope().now(), isAnew: true });
  const next = async () => {
    await house.send();
    await deliverMail(house.deps, house.scope());
    return peer.received.at(-1) as ParsedMail;
  };
  const first = await look();
  t.false(first?.signs);
  t.false((await next()).headers.has('dkim-signature'));

  const value = first?.records.find(({ record }) => record === 'dkim')?.value ?? '';
  dns.records[key] = [value];
  t.true((await look())?.signs);
  const signed = await next();
  const publicKey = value.split('p=')[1] ?? '';
  t.true(isSignedBy(signed, publicKey));
  t.regex(
    String(signed.headerLines.find(({ key: one }) => one === 'dkim-signature')?.line),
    /s=rostra/,
  );

  // Nobody answers: what was known holds. The line is gone: no signature that would be taken for forged.
  dns.mood = 'broken';
  t.true((await look())?.signs);
  dns.mood = 'well';
  dns.records[key] = ['v=DKIM1; k=rsa; p=AAAA'];
  t.false((await look())?.signs);
  t.false((await next()).headers.has('dkim-signature'));

  const { rows } = await house.database.db.raw('select * from core.mail_domain');
  t.is(rows.length, 1);
  t.notRegex(JSON.stringify(rows), /PRIVATE KEY/);
});

test('the page says what to enter, `rostra doctor` what is missing, and a dead DNS breaks neither', async (t) => {
  const dns = await startDnsPeer(t);
  const smtpUrl = 'smtp://smtp-relay.brevo.com:587';
  const app = await makeApp(t, { dnsServers: [dns.address], smtpUrl });
  const scope = app.scope();
  await app.house.settings.change(scope, 'core', {
    values: { mailFromAddress: 'a@parti-lyon.fr' },
  });
  const staff = await app.staff();
  const page = await staff.get('/admin/sending');
  t.is(page.status, 200);
  t.regex(page.body, /v=spf1 include:spf\.brevo\.com ~all/);
  t.regex(page.body, /v=DKIM1; k=rsa; p=[\w+/=]{300}/);
  t.regex(page.body, /Today 0 of 50/);
  // Asked a moment ago: not again for each who opens the page.
  const { length } = dns.asked;
  await staff.get('/admin/sending');
  t.is(dns.asked.length, length);

  const doctor = (await examine(app.house)).find(({ what }) => what.startsWith('sending domain'));
  t.regex(doctor?.faults.join('\n') ?? '', /DMARC of _dmarc\.parti-lyon\.fr: Missing/);
  t.true(doctor?.isHint);

  dns.mood = 'broken';
  await staff.post('/admin/sending/check', {});
  const dead = await staff.get('/admin/sending');
  t.is(dead.status, 200);
  t.regex(dead.body, /Could not be read/);
});

test('the party decides on its domain’s slow start, not a chapter that sends from it', async (t) => {
  const app = await makeApp(t);
  const lyon = await app.chapter('Lyon');
  const chapter = await app.staff('administrator', lyon);
  const refused = await chapter.post('/admin/@lyon/sending/warm-up', { warm: 'true' });
  t.is(refused.status, 403);
  const staff = await app.staff();
  await staff.post('/admin/sending/warm-up', { warm: 'true' });
  t.regex((await staff.get('/admin/sending')).body, /was switched off/);
  await staff.post('/admin/sending/warm-up', { warm: 'false' });
  t.regex((await staff.get('/admin/sending')).body, /Today 0 of 50/);
});

test('a chapter decides on the slow start of a domain that is its own alone', async (t) => {
  const app = await makeApp(t);
  const post = async (slug: string, name: string) => {
    const id = await app.chapter(name);
    const values = { mailFromAddress: `lettre@${slug === 'lyon' ? 'lyon' : 'sud'}.parti.fr` };
    await app.house.settings.change(app.scope(id), 'core', { values });
    const staff = await app.staff('administrator', id);
    return () => staff.post(`/admin/@${slug}/sending/warm-up`, { warm: 'true' });
  };
  const lyon = await post('lyon', 'Lyon');
  const nice = await post('nice', 'Nice');
  const pau = await post('pau', 'Pau');
  t.not((await lyon()).status, 403);
  t.is((await nice()).status, 403);
  t.is((await pau()).status, 403);
});

test('what a stranger’s DNS says is kept without NUL and cut, whatever it is', async (t) => {
  const house = await makeMailHouse(t);
  const dns = await startDnsPeer(t);
  Object.assign(house.config, { dnsServers: [dns.address] });
  const values = { mailFromAddress: 'lettre@parti-lyon.fr' };
  await house.settings.change(house.scope(), 'core', { values });
  dns.records[key] = [`v=DKIM1; p=\0${'A'.repeat(2500)}`];
  const { organization } = house.scope();
  const found = await examineDomain(house, organization, { now: house.scope().now() });
  const dkim = found?.records.find(({ record }) => record === 'dkim');
  t.is(dkim?.found?.slice(0, 14), 'v=DKIM1; p=AAA');
  t.is(dkim?.found?.length, 2048);
});

test('the screen is clean for every reader, and the outbox says why messages to many wait', async (t) => {
  const dns = await startDnsPeer(t, {
    'TXT parti-lyon.fr': ['v=spf1 mx -all'],
    'TXT _dmarc.parti-lyon.fr': ['v=DMARC1; p=none; rua=mailto:dmarc@parti-lyon.fr'],
  });
  const smtpUrl = 'smtp://smtp-relay.brevo.com:587';
  const app = await makeApp(t, { dnsServers: [dns.address], smtpUrl, locale: 'fr' });
  const values = { mailFromAddress: 'a@parti-lyon.fr' };
  await app.house.settings.change(app.scope(), 'core', { values });
  await app.house.database.db.raw(
    `insert into core.mail_day values ('parti-lyon.fr', '2026-11-24', 50)`,
  );
  const message = { to: 'anna@example.org', view: 'mail/test', data: {}, bulk: true };
  const id = await app.house.mail('core').send(app.scope(), message);
  const { cookies } = await app.staff();
  await app.house.database.db.raw(`update core.account set locale = 'fr'`);
  const browser = await openBrowser(t, { dark: true, width: 390, height: 2400 });
  const all = [...cookies].map(([name, value]) => ({ name, value, url: app.url }));
  await browser.page.context().addCookies(all);
  for (const path of ['sending', 'outbox', `outbox/${id}`]) {
    await browser.page.goto(`${app.url}/admin/${path}`);
    if (path !== 'sending')
      t.regex((await browser.page.textContent('main')) ?? '', /pas plus de 50/);
    t.deepEqual(await browser.violations(), [], path);
    t.is(await browser.overflow(), 0, path);
    await browser.shot(`sending-${path.replace(/\d+/, 'one').replace('/', '-')}-390-dark`);
  }
  await browser.page.setViewportSize({ width: 1440, height: 1500 });
  await browser.page.emulateMedia({ colorScheme: 'light' });
  await browser.page.goto(`${app.url}/admin/sending`);
  t.deepEqual(await browser.violations(), []);
  await browser.shot('sending-1440-light');
  t.deepEqual(browser.complaints, []);
});
