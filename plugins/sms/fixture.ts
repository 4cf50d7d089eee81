// For the tests: a chapter whose people agreed to text messages, and a gateway that keeps what it is handed.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Outreach } from 'rostra/outreach';
import { Consents, Newsletters, People } from 'rostra/people';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findOwnAccount } from './gateway-account.sql.ts';
import { saveAccount } from './gateway-account.ts';
import { taken } from './loop/plugin.ts';
import { handle } from './news.ts';

type Test = Parameters<typeof makeApp>[0];

export const numberOf = (place: number): string => `+3361234560${place}`;

export async function scene(
  t: Test,
  { jurisdiction = 'fr', locale = 'fr', count = 3, now = '2026-11-24T10:00:00Z' } = {},
) {
  taken.length = 0;
  const plugins = [join(import.meta.dirname, 'loop')];
  const app = await makeApp(t, { jurisdiction, locale, now, plugins });
  const scope = app.scope();
  const deps = depsOf(app.get('sms'));
  await saveAccount(scope, deps, {
    ...{ gateway: 'loop', sender: '+33612000000', priceMilli: 4500, currency: 'EUR', settings: {} },
  });
  const account = await findOwnAccount(scope);
  if (!account) throw new Error('there is no account');
  const get = app.get('outreach');
  const [letter] = await get(Newsletters).list(scope);
  const newsletterId = letter?.id ?? '';
  const many = Array.from({ length: count }, (_, place) => ({
    ...{ emailAddress: `reader${place}@example.org`, source: 'website.sign-up' },
    ...{ phoneNumber: numberOf(place), ...(place > 0 && { givenName: `Jeanne${place}` }) },
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
  return { app, scope, deps, account, newsletterId, ids, taken, write, hear };
}
