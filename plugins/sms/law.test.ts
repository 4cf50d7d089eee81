// Given a party under a law, when it writes a text message, then it says what that law's pack asks.
import test from 'ava';
import { sampleAround } from './channel.ts';
import { contentOf, faultsIn, whole } from './content.ts';
import { scene } from './fixture.ts';
import { countParts, isPlain } from './parts.ts';

const sends: [given: string, jurisdiction: string, locale: string, then: RegExp][] = [
  [
    'a French party',
    'fr',
    'fr',
    /^Parti de l'Exemple\nVenez samedi\nRépondez STOP pour refuser les SMS$/,
  ],
  ['a British party', 'gb', 'en', /^Parti de l'Exemple\nVenez samedi\nReply STOP to opt out$/],
  [
    'a party of the United States',
    'us',
    'en',
    /^Parti de l'Exemple\nVenez samedi\nReply STOP to opt out\nPaid for by /,
  ],
  [
    'an Australian party',
    'au',
    'en',
    /^Parti de l'Exemple\nVenez samedi\n.*\nAuthorised by Parti de l'Exemple, 1 rue/,
  ],
];

for (const [given, jurisdiction, locale, then] of sends) {
  test.serial(`given ${given}, then its text says what its law asks, in plain signs`, async (t) => {
    const s = await scene(t, { jurisdiction, locale, count: 0 });
    const frame = await s.deps.outreach.frame(s.scope, s.newsletterId);
    const around = await sampleAround(s.scope, s.deps, frame, s.account.sender);
    const text = whole(contentOf({ text: 'Venez samedi' }), around);
    t.regex(text, then);
    t.true(isPlain(text), text);
  });
}

test.serial('a text that has no room for them says so, and is not sent', async (t) => {
  const s = await scene(t, { count: 1 });
  const frame = await s.deps.outreach.frame(s.scope, s.newsletterId);
  const around = await sampleAround(s.scope, s.deps, frame, s.account.sender);
  const text = 'a'.repeat(6 * 153 - 20);
  t.is(countParts(text).parts, 6);
  t.is(faultsIn({ text }, around)[0]?.message, 'sms.fault.long');
  t.deepEqual(faultsIn({ text: 'Bonjour {{prénom}}' }, around)[0]?.message, 'sms.fault.name');
  const staff = await s.app.staff();
  const answer = await staff.post('/admin/sms/new', { newsletterId: s.newsletterId, text });
  t.is(answer.status, 422);
  t.true(answer.body.includes(text), 'nothing typed is lost');
});

test.serial(
  'a sender of letters cannot be answered, so the text leads to the page that stops it',
  async (t) => {
    const s = await scene(t, { count: 0 });
    const frame = await s.deps.outreach.frame(s.scope, s.newsletterId);
    const around = await sampleAround(s.scope, s.deps, frame, 'PARTI');
    t.regex(around.after.join(' '), /^Refuser les SMS : http:\/\/localhost:\d+\/unsubscribe\//);
  },
);

test.serial('where no pack lets a word take a stop back, START is only read', async (t) => {
  for (const [jurisdiction, comesBack] of [
    ['gb', false],
    ['us', true],
  ] as const) {
    const s = await scene(t, { jurisdiction, locale: 'en', count: 1 });
    await s.hear('STOP');
    await s.hear('START');
    const words = await s.deps.consents.current(s.scope, s.ids[0] ?? '');
    const word = words.find((one) => one.channel === 'sms' && one.purpose === 'newsletter');
    t.is(word?.given, comesBack, jurisdiction);
  }
});
