// The donation page is for people, and takes nothing whose limits cannot be held.
import test from 'ava';
import { frenchWords, inLyon, openSite, person } from './routes/fixture.ts';

const form = {
  ...{ ...person, ...inLyon, nationality: 'FR', country: 'FR', amount: '25', method: 'card' },
  ...Object.fromEntries(Object.keys(frenchWords).map((name) => [name, 'true'])),
  key: '00000000-0000-4000-8000-000000000001',
};

test.serial('whatever a page is sent, the donor is a person', async (t) => {
  const site = await openSite(t, 'fr');
  const { pageId } = await site.publish();
  const sent = await site.app
    .visitor()
    .post(`/give/${pageId}`, { ...form, donorType: 'company', legalName: 'Baker Ltd' });
  t.is(sent.status, 303);
  t.deepEqual(await site.app.scope().db('fundraising.donor').distinct('type'), [
    { type: 'natural_person' },
  ]);
});

test.serial('the page of a recipient in another currency than the law’s is closed', async (t) => {
  const site = await openSite(t, 'fr');
  const { path, pageId } = await site.publish({ currency: 'XPF' });
  const visitor = site.app.visitor();
  t.regex((await visitor.get(path)).body, /The law counts in EUR[^<]*11-4/);
  t.not((await visitor.post(`/give/${pageId}`, form)).status, 303);
  t.is((await site.gifts()).length, 0);
});
