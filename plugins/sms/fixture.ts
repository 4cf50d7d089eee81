// For the tests: a party whose people agreed to text messages, and its account at a message centre on loopback.
import { randomUUID } from 'node:crypto';
import { Outreach } from 'rostra/outreach';
import { Consents, Newsletters, People } from 'rostra/people';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findOwnAccount } from './gateway-account.sql.ts';
import { saveAccount } from './gateway-account.ts';
import { startSmsc } from './gateways/smsc.ts';
import { handle } from './news.ts';

type Test = Parameters<typeof makeApp>[0];

/** An account's settings, as staff fill them in. */
export const keysOf = ({ port }: { port: number }) => ({
  ...{ host: '127.0.0.1', port: String(port), tls: 'no', systemId: 'parti', password: 'secret' },
});

export const numberOf = (place: number): string => `+3361234560${place}`;

export async function scene(
  t: Test,
  {
    jurisdiction = 'fr',
    locale = 'fr',
    count = 3,
    now = '2026-11-24T10:00:00Z',
    sender = '+33612000000',
    number = numberOf,
  } = {},
) {
  const far = await startSmsc(t);
  const { taken } = far;
  const app = await makeApp(t, { jurisdiction, locale, now, allowPrivate: [far.host] });
  const scope = app.scope();
  const deps = depsOf(app.get('sms'));
  await saveAccount(scope, deps, {
    ...{ gateway: 'smpp', sender, priceMilli: 4500, currency: 'EUR' },
    settings: keysOf(far),
  });
  const account = await findOwnAccount(scope);
  if (!account) throw new Error('there is no account');
  const get = app.get('outreach');
  const [letter] = await get(Newsletters).list(scope);
  const newsletterId = letter?.id ?? '';
  const many = Array.from({ length: count }, (_, place) => ({
    ...{ emailAddress: `reader${place}@example.org`, source: 'website.sign-up' },
    ...{ phoneNumber: number(place), ...(place > 0 && { givenName: `Jeanne${place}` }) },
  }));
  const ids = (await get(People).upsertMany(scope, many)).map(({ id }) => id);
  for (const id of ids) {
    await get(Newsletters).subscribe(scope, id, newsletterId);
    await get(Consents).give(scope, {
      ...{ personId: id, channel: 'sms', purpose: 'newsletter', wording: 'Oui.', locale },
      ...{ source: 'website.sign-up', evidence: { form: '1' } },
    });
  }
  const write = (text = 'Bonjour {{prénom|chers amis}}, on se voit samedi.') =>
    get(Outreach).create(scope, {
      ...{ channel: 'sms', name: 'essai', newsletterId, content: { text } },
    });
  /** As its gateway tells it. */
  const hear = (text: string, from = numberOf(0)) =>
    handle(scope, deps, account, [
      {
        ...{ kind: 'inbound', from, to: account.sender, text, at: scope.now() },
        reference: randomUUID(),
      },
    ]);
  /** As a minute later: what waited for its hour is looked at again. */
  const minute = async () => {
    const { jobs = [] } = app.house.registry.find('outreach')?.contributions ?? {};
    await jobs.find(({ name }) => name === 'wake')?.run(scope, {});
    await app.drain();
  };
  return { minute, app, far, scope, deps, account, newsletterId, ids, taken, write, hear };
}
