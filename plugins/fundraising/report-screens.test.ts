// The treasurer's home, the list, the panels and the walk of a file from before in a real browser: readable by everybody, in both languages, narrow enough for a telephone.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { aroundOf, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { record } from './pledge.ts';

const readers = [
  { locale: 'en', width: 1440, dark: false },
  { locale: 'fr', width: 390, dark: true },
];
const csv = [
  'Date,Amount,Email,Name',
  '05/01/2026,5000,ana@example.org,Ana Sol',
  '06/01/2026,4000,ana@example.org,Ana Sol',
  '07/01/2026,x,bo@example.org,Bo Roux',
].join('\n');

test('the money’s home, its list, its panels and a file from before fit all readers', async (t) => {
  const desk = await openDesk(t, 'fr', { name: 'AF du Parti' });
  const { app, scope, deps, recipient } = desk;
  const chapter = app.scope(await app.chapter('Lyon'));
  const other = await makeRecipient(chapter, { name: 'AF de Lyon' });
  const treasurer = await app.staff('treasurer');
  await scope.write((own) =>
    own.db.raw(
      `insert into fundraising.office (recipient_id, account_id, duty, since)
       select r.id, (select max(id) from core.account), 'treasurer', :now from fundraising.recipient r`,
      { now: own.now() },
    ),
  );
  const methods = ['transfer', 'cheque', 'cash', 'transfer'];
  const gifts = [];
  for (const [index, method] of methods.entries()) {
    const offer = { method, amountMinor: 3_000 + index * 1_500, givenOn: `2026-0${index + 6}-11` };
    gifts.push(await record(scope, deps, recipient, offerOf(scope, offer), aroundOf()));
  }
  const late = offerOf(scope, { amountMinor: 20_000, method: 'cash', givenOn: '2026-02-02' });
  await record(scope, deps, recipient, late, { ...aroundOf(), isIn: true });
  await record(chapter, deps, other, offerOf(chapter), aroundOf());
  for (const box of ['elsewhere', 'again']) {
    const identity = {
      ...offerOf(scope).identity,
      familyName: 'Roux',
      emailAddress: `${box}@example.org`,
    };
    await record(
      scope,
      deps,
      recipient,
      offerOf(scope, { amountMinor: 500_000, identity }),
      aroundOf(),
    );
  }
  await app.drain();
  const home = `/admin/fundraising/${recipient.id}`;
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-gifts-')), 'gifts.csv');
  for (const { locale, width, dark } of readers) {
    writeFileSync(path, csv.replaceAll('/2026,', `/${width === 390 ? 2025 : 2026},`));
    await scope.write((own) => own.db('core.account').update({ locale }));
    const browser = await openBrowser(t, { width, dark, height: 1400 });
    const cookies = [...treasurer.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await browser.page.context().addCookies(cookies);
    const check = async (name: string): Promise<void> => {
      await browser.shot(`money-${name}-${locale}-${width}`);
      t.deepEqual(await browser.violations(), [], `${name} ${locale}`);
      t.is(await browser.overflow(), 0, `${name} ${locale}`);
    };
    const look = async (address: string, name: string): Promise<void> => {
      await browser.page.goto(`${app.url}${address}`);
      await check(name);
    };
    await look('/admin/fundraising', 'recipients');
    await look(home, 'home');
    await look(`${home}?period=days`, 'home-days');
    await look(`${home}/donations`, 'gifts');
    await look(`${home}/donations?q=nobody`, 'gifts-none');
    await look('/admin', 'admin');
    await look(`/admin/people/${gifts[0]?.personId}`, 'person');
    await look(`${home}/history`, 'file');
    await browser.page.setInputFiles('[name=file]', path);
    await browser.page.click('form[enctype] button');
    await check('columns');
    await browser.page.click('form[action$=check] .acts button');
    await app.drain();
    await browser.page.waitForSelector('form[action$=run]');
    await check('checked');
    await browser.page.click('form[action$=run] button');
    await check('running');
    await app.drain();
    await browser.page.waitForSelector('progress', { state: 'detached' });
    await check('done');
    t.deepEqual(browser.complaints, []);
  }
});
