// The screens of social matching in a real browser: readable by everybody, narrow enough for a telephone.

import test from 'ava';
import { Consents, People } from 'rostra/people';
import { makeApp, makePeer, openBrowser } from 'rostra/testing';
import { person as account, fediverse } from './sources/fediverse.fixture.ts';

test('form, profile and list break no rule of accessibility and fit a telephone', async (t) => {
  const peer = await makePeer(t, fediverse({ alex: account('alex') }));
  const app = await makeApp(t, { jurisdiction: 'us', allowPrivate: [peer.host] });
  const get = app.get('social-match');
  const fields = { givenName: 'Alex', familyName: 'Rivera', source: 'test' };
  const { id } = await get(People).upsert(app.scope(), fields);
  const staff = await app.staff('organiser');
  const browser = await openBrowser(t);
  const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
  await browser.page.context().addCookies(cookies);

  async function look(path: string, name: string): Promise<void> {
    await browser.page.goto(`${app.url}${path}`);
    await browser.shot(name);
    t.deepEqual(await browser.violations(), [], path);
    t.is(await browser.overflow(), 0, path);
  }
  await look(`/admin/social-match/people/${id}`, 'social-form');
  await browser.page.getByLabel('Account').fill(`@alex@${peer.host}`);
  await browser.page.getByRole('button', { name: 'Look for it' }).click();
  await look(`/admin/social-match`, 'social-none');
  const given = { channel: 'social', purpose: 'social_match', wording: 'Yes', locale: 'en' };
  const agreed = { ...given, personId: id, source: 'test', evidence: { form: '1' } };
  await get(Consents).give(app.scope(), agreed);
  await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
  await app.drain();
  await look('/admin/social-match', 'social-list');
  await look(`/admin/people/${id}`, 'social-profile');
  await browser.page.getByRole('button', { name: 'This is them' }).click();
  await browser.page.getByText('Social profile @alex').waitFor();
  // The browser itself tells of the form that was sent back above.
  t.deepEqual(
    browser.complaints.filter((one) => !/status of 422/.test(one)),
    [],
  );
});
