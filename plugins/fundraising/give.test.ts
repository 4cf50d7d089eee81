// Giving on the party's own page, as a visitor meets it: what is asked, what is refused, what is never lost.
import { randomUUID } from 'node:crypto';
import test from 'ava';
import { type App, type Client, makeApp } from 'rostra/testing';
import { aroundOf, offerOf } from './fixture.ts';
import { pledge } from './pledge.ts';
import { openSite } from './routes/fixture.ts';

interface Place {
  app: App;
  treasurer: Client;
  editor: Client;
  recipientId: string;
}

async function open(t: Parameters<typeof makeApp>[0], jurisdiction: string, values = {}) {
  const app = await makeApp(t, { jurisdiction });
  const [treasurer, editor] = [await app.staff('treasurer'), await app.staff('web-editor')];
  const made = await treasurer.post('/admin/fundraising/new', {
    ...{
      kind: 'party',
      name: 'The Party',
      address: '1 Main Street',
      collector: 'financing_association',
    },
    ...{ agent: 'The Association', currency: jurisdiction === 'fr' ? 'EUR' : 'CAD', ...values },
  });
  const recipientId = (made.location ?? '').split('/').at(-1) ?? '';
  return { app, treasurer, editor, recipientId } satisfies Place;
}

async function publish({ editor, recipientId }: Place, more = {}): Promise<string> {
  const made = await editor.post('/admin/website/pages/new?type=fundraising.donation', {
    ...{ title: 'Give', slug: 'give-us', when: 'now', 'settings.amounts': '10 25 50' },
    ...{ 'settings.recipient': recipientId, 'settings.goal': '1000' },
    ...{ 'settings.showsProgress': 'true', ...more },
  });
  return made.status === 303 ? '/give-us' : made.body;
}

test('an editor makes a donation page, and it says all that the law wants said there', async (t) => {
  const place = await open(t, 'fr');
  const path = await publish(place);
  const page = await place.app.visitor().get(path);
  t.is(page.status, 200);
  t.regex(page.body, /The Association/);
  t.regex(page.body, /11-4/);
  t.regex(page.body, /€?7,500|7\s?500/);
  t.regex(page.body, /66/);
  t.regex(page.body, /cannot be paid online yet/);
});

test('amounts of which one cannot be read, none or too many are refused beside the field', async (t) => {
  const place = await open(t, 'fr');
  for (const amounts of ['plenty', '10 25 fifty', '1 2 3 4 5 6 7 8 9']) {
    t.regex(await publish(place, { 'settings.amounts': amounts }), /one to eight amounts/, amounts);
  }
});

test('in Quebec the page says that cards go another way', async (t) => {
  const place = await open(t, 'ca-qc', { collector: 'certified_solicitor' });
  const page = await place.app.visitor().get(await publish(place));
  t.is(page.status, 200);
  t.regex(page.body, /Not by card here/);
  t.notRegex(page.body, /<form method="get" action="\/give/);
});

test('nothing of a provider is let in but where somebody pays through it', async (t) => {
  const { app, deps, publish } = await openSite(t, 'fr');
  const { path, pageId, recipient } = await publish();
  const key = randomUUID();
  const offer = offerOf(app.scope(), { method: 'card' });
  await pledge(app.scope(), deps, recipient, offer, aroundOf({ source: 'page', key, pageId }));
  const policyOf = async (at: string) => {
    const { status, headers } = await app.visitor().get(at);
    t.is(status, 200, at);
    return headers.get('Content-Security-Policy') ?? '';
  };
  t.notRegex(await policyOf(path), /stripe/);
  t.notRegex(await policyOf(`/give/${pageId}?amount=50`), /stripe/);
  const paying = await policyOf(`/give/pay/${key}`);
  t.regex(paying, /script-src 'self' https:\/\/js\.stripe\.com;/);
  t.regex(paying, /connect-src 'self' https:\/\/api\.stripe\.com;/);
  t.notRegex(await policyOf(`/give/thanks/${key}`), /stripe/);
});
