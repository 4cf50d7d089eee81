// A party's site where gifts are paid at a Stripe on loopback, and a donor's browser there, for the tests of giving.
import { type App, type Browser, makeApp, openBrowser, type Test } from 'rostra/testing';
import { type Deps, depsOf } from '../deps.ts';
import { makeRecipient } from '../fixture.ts';
import { loopbackPlugin, settingsOf } from '../payments/fixture.ts';
import { type StripePeer, startStripe } from '../payments/stripe-peer.ts';
import { saveAccount } from '../provider-account.ts';
import type { Recipient, RecipientValues } from '../recipient.sql.ts';

type Page = Browser['page'];

export interface Site {
  app: App;
  deps: Deps;
  stripe: StripePeer;
  /** A donation page of a recipient of its own; answers its address. */
  publish(recipient?: Partial<RecipientValues>, settings?: Record<string, string>): Promise<Asking>;
  /** Of each message that waits in the outbox: whom it goes to, what stands above it and in it. */
  mails(): Promise<{ to: string; locale: string; subject: string; text: string }[]>;
  gifts(): Promise<Gift[]>;
}
export interface Asking {
  path: string;
  pageId: string;
  recipient: Recipient;
}
interface Gift {
  id: string;
  recipient_id: string;
  state: string;
  why: string | null;
  amount_minor: string;
  tracking: string | null;
  recruiter_id: string | null;
}

export async function openSite(
  t: Test,
  jurisdiction: string,
  more: { now?: string; locale?: string } = {},
): Promise<Site> {
  let clock = () => new Date('2026-11-24T10:00:00Z');
  const stripe = await startStripe(t, () => clock());
  const plugins = [loopbackPlugin(t, stripe.url)];
  const app = await makeApp(t, { jurisdiction, plugins, ...more });
  clock = () => app.clock.now();
  const [scope, deps] = [app.scope(), depsOf(app.get('fundraising'))];
  const editor = await app.staff('web-editor');
  let pages = 0;
  return {
    ...{ app, deps, stripe },
    async publish(values = {}, settings = {}) {
      pages += 1;
      const recipient = await makeRecipient(scope, { isTest: true, ...values });
      if (scope.law.decide({ capability: 'payment.online', met: everything }).effect === 'allow') {
        const account = { recipientId: recipient.id, settings: settingsOf(stripe, `${pages}`) };
        await saveAccount(scope, deps, { ...account, provider: 'stripe-loopback' });
      }
      const path = `/give-us-${pages}`;
      const made = await editor.post('/admin/website/pages/new?type=fundraising.donation', {
        ...{ title: 'Give', slug: path.slice(1), when: 'now', 'settings.amounts': '10 25 50 100' },
        ...{ 'settings.recipient': recipient.id, ...settings },
      });
      if (made.status !== 303) throw new Error(made.body);
      const found = await scope.db('website.page').where({ path }).first('id');
      return { path, pageId: String(found.id), recipient };
    },
    async mails() {
      await app.drain();
      const words = ['to_address as to', 'locale', 'subject', 'text'];
      return scope.db('core.outbox').select(words).orderBy('id');
    },
    gifts: () => scope.db('fundraising.donation').select('*').orderBy('id'),
  };
}

const everything = ['collector.agent', 'payout.without_delay', 'notice.gift_rules'].concat(
  'attest.donor_eligible',
);

export interface Donor extends Browser {
  /** What Stripe's script is answered from now on: it pays, says no, or is not there. */
  become(mood: 'paying' | 'declined' | 'unreachable'): void;
  give(path: string, amount?: string): Promise<void>;
  /** Fills in and ticks by the fields' names, and goes on. */
  tell(answers: Record<string, string | boolean>): Promise<void>;
  pay(): Promise<void>;
  text(): Promise<string>;
}

export async function openDonor(
  t: Test,
  site: Site,
  options: Parameters<typeof openBrowser>[1] = {},
): Promise<Donor> {
  const browser = await openBrowser(t, { width: 360, height: 780, locale: 'en-GB', ...options });
  const { page } = browser;
  let mood = 'paying';
  await page.route('https://js.stripe.com/**', (route) => {
    if (mood === 'unreachable') return route.abort();
    const isScript = route.request().url() === 'https://js.stripe.com/v3/';
    const contentType = isScript ? 'text/javascript' : 'text/html';
    return route.fulfill({ contentType, body: isScript ? stripeScript : cardFields });
  });
  await page.route('https://api.stripe.com/v1/payment_intents/*/confirm', (route) => {
    const id = new URL(route.request().url()).pathname.split('/')[3] ?? '';
    const answer = (body: object) =>
      route.fulfill({ json: body, headers: { 'Access-Control-Allow-Origin': '*' } });
    const { status } = site.stripe.intent(id);
    if (status === 'succeeded') {
      return answer({ error: { message: 'Paid already.', payment_intent: { status } } });
    }
    if (mood === 'declined') return answer({ error: { message: 'Your card was declined.' } });
    site.stripe.pay(id);
    return answer({ id, status: 'succeeded' });
  });
  return {
    ...browser,
    become: (next) => {
      mood = next;
    },
    async give(path, amount) {
      await page.goto(site.app.url + path);
      if (amount) await page.fill('[name=other]', amount);
      await goOn(page, '.give-amounts .button');
    },
    tell: (answers) => tell(page, answers),
    async pay() {
      await page.locator('iframe').waitFor();
      await page.click('#give-pay .button');
      await page.waitForURL('**/give/thanks/**');
    },
    text: () => page.innerText('main'),
  };
}

async function tell(page: Page, answers: Record<string, string | boolean>): Promise<void> {
  for (const [name, answer] of Object.entries(answers)) {
    const field = page.locator(`[name="${name}"]`);
    if (typeof answer === 'boolean') await field.first().setChecked(answer);
    else if ((await field.getAttribute('class')) === null && (await isChoice(page, name)))
      await field.selectOption(answer);
    else await field.fill(answer);
  }
  await goOn(page, '.ask-form form .button');
}

/** Until the next page is there as a whole. */
async function goOn(page: Page, button: string): Promise<void> {
  const next = page.waitForEvent('load');
  await page.click(button);
  await next;
}

function isChoice(page: Page, name: string): Promise<boolean> {
  return page
    .locator(`select[name="${name}"]`)
    .count()
    .then((count) => count > 0);
}

export const person = { givenName: 'Zoé', familyName: 'Martin', email: 'zoe@example.org' };
export const inLyon = { line1: '2 rue Haute', postcode: '69001', locality: 'Lyon' };
export const declared = (...words: string[]) =>
  Object.fromEntries(words.map((word) => [`attest-${word}`, true]));
export const frenchWords = declared(
  ...['natural_person', 'own_funds', 'not_company_card', 'citizen_or_resident'],
  'within_all_party_cap',
);

const cardFields = '<!doctype html><title>Card</title><label>Card number <input></label>';
/** The part of https://docs.stripe.com/js that a page with a Payment Element uses. */
const stripeScript = `
window.Stripe = (key, { locale }) => ({
  elements: ({ clientSecret }) => ({
    clientSecret,
    create: () => ({
      mount(place) {
        const frame = document.createElement('iframe');
        frame.title = 'Secure payment, ' + locale;
        frame.width = '100%';
        frame.src = 'https://js.stripe.com/v3/elements-inner.html';
        document.querySelector(place).append(frame);
      },
    }),
  }),
  async confirmPayment({ elements: { clientSecret }, confirmParams }) {
    const id = clientSecret.split('_secret')[0];
    const body = new URLSearchParams({ key, client_secret: clientSecret, ...confirmParams });
    const url = 'https://api.stripe.com/v1/payment_intents/' + id + '/confirm';
    const answer = await (await fetch(url, { method: 'POST', body })).json();
    if (answer.error) return { error: answer.error };
    location.assign(confirmParams.return_url + '?redirect_status=succeeded');
    return new Promise(() => {});
  },
});`;
