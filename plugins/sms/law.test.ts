// Given a party under a law, when it writes a text message, then it says what that law's pack asks.
import test from 'ava';
import { Newsletters } from 'rostra/people';
import { sampleAround } from './channel.ts';
import { contentOf, faultsIn, whole } from './content.ts';
import { numberOf, scene } from './fixture.ts';
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
    const frame = await s.deps.outreach.frame(s.scope, { ...s, channel: 'sms' });
    const around = await sampleAround(s.scope, s.deps, frame, s.account.sender);
    const text = whole(contentOf({ text: 'Venez samedi' }), around);
    t.regex(text, then);
    t.true(isPlain(text), text);
  });
}

/** Written and released at a time, one after the other: gone at once, or the moment until which it waits. */
type Sends = [at: string, then: 'goes' | string, why: string][];
const hours: Record<string, { number: string; sends: Sends }> = {
  fr: {
    number: '+33612345600',
    sends: [
      ['2026-11-24T10:00:00Z', 'goes', 'a Tuesday at eleven'],
      ['2026-11-24T19:30:00Z', '2026-11-25T08:00:00Z', 'half past eight in the evening'],
      ['2026-11-28T19:30:00Z', '2026-11-30T08:00:00Z', 'a Saturday evening, and nothing on Sunday'],
      ['2026-12-25T10:00:00Z', '2026-12-26T08:00:00Z', 'Christmas'],
      ['2027-05-06T09:00:00Z', '2027-05-07T07:00:00Z', 'Ascension, that moves with Easter'],
    ],
  },
  gb: {
    number: '+447400123450',
    sends: [
      ['2026-11-24T20:30:00Z', 'goes', 'half past eight in the evening'],
      ['2026-11-24T21:30:00Z', '2026-11-25T08:00:00Z', 'half past nine'],
      ['2026-11-29T10:00:00Z', 'goes', 'a Sunday'],
      ['2026-12-25T10:00:00Z', 'goes', 'Christmas'],
    ],
  },
  us: {
    number: '+12025550123',
    sends: [
      ['2026-11-24T19:00:00Z', 'goes', 'day from Hawaii to the Atlantic'],
      ['2026-11-25T15:00:00Z', '2026-11-25T18:00:00Z', 'ten in New York, five in Honolulu'],
      ['2026-11-29T20:00:00Z', 'goes', 'a Sunday'],
    ],
  },
};

for (const [jurisdiction, { number, sends: given }] of Object.entries(hours)) {
  test.serial(
    `given a party and a reader under ${jurisdiction}, then its hours hold`,
    async (t) => {
      const [[first = ''] = []] = given;
      const way = { jurisdiction, locale: jurisdiction === 'fr' ? 'fr' : 'en', now: first };
      const s = await scene(t, { ...way, count: 1, number: () => number });
      for (const [at, then, why] of given) {
        s.app.clock.set(at);
        // Logged in anew: days go by.
        const staff = await s.app.staff();
        const id = await s.write('Venez samedi');
        const before = s.taken.length;
        const released = await staff.post(`/admin/outreach/${id}/release`, {
          version: '1',
          when: 'now',
        });
        t.is(
          released.location,
          `/admin/outreach/${id}`,
          `${why}: ${released.body.slice(0, 1_500)}`,
        );
        await s.app.drain();
        if (then !== 'goes') {
          t.is(s.taken.length, before, why);
          s.app.clock.set(new Date(Date.parse(then) - 60_000).toISOString());
          await s.minute();
          t.is(s.taken.length, before, `${why}: a minute before`);
          s.app.clock.set(then);
          await s.minute();
        }
        t.is(s.taken.length, before + 1, why);
      }
    },
  );
}

test.serial('a text that has no room for them says so, and is not sent', async (t) => {
  const s = await scene(t, { count: 1 });
  const frame = await s.deps.outreach.frame(s.scope, { ...s, channel: 'sms' });
  const around = await sampleAround(s.scope, s.deps, frame, s.account.sender);
  const text = 'a'.repeat(6 * 153 - 20);
  t.is(countParts(text).parts, 6);
  t.is(faultsIn({ text }, around)[0]?.message, 'sms.fault.long');
  t.deepEqual(faultsIn({ text: 'Bonjour {{prénom}}' }, around)[0]?.message, 'sms.fault.name');
  const staff = await s.app.staff();
  const answer = await staff.post('/admin/sms/new', { to: `newsletter-${s.newsletterId}`, text });
  t.is(answer.status, 422);
  t.true(answer.body.includes(text), 'nothing typed is lost');
  const typed = await staff.post('/admin/sms/count', { to: `newsletter-${s.newsletterId}`, text });
  t.is(typed.status, 200);
  t.regex(typed.body, /it takes 7 parts; 6 is the most/);
});

test.serial(
  'a telephone that a household shares gets it once, and who is left out is told so',
  async (t) => {
    const s = await scene(t, { count: 2, number: () => numberOf(0) });
    const staff = await s.app.staff();
    const at = `/admin/outreach/${await s.write()}`;
    t.regex((await staff.get(at)).body, /several people share gets it once/);
    t.is((await staff.post(`${at}/release`, { version: '1', when: 'now' })).status, 303);
    await s.app.drain();
    t.deepEqual(
      s.taken.map(({ to }) => to),
      [numberOf(0)],
    );
    t.regex((await staff.get(at)).body, /Somebody else got it at this number/);
    t.is((await s.deps.outreach.recent(s.scope, 'sms', 1))[0]?.state, 'done');
  },
);

test.serial(
  'whoever is asked to release a text reads it there, in a frame that runs nothing',
  async (t) => {
    const s = await scene(t, { count: 1 });
    const id = await s.write('Bonjour <script>alert(1)</script>');
    const [staff, other] = [await s.app.staff(), await s.app.staff()];
    await staff.post(`/admin/outreach/${id}/ask`, { version: '1', when: 'now' });
    t.regex((await other.get(`/admin/outreach/${id}`)).body, new RegExp(`/sms/${id}/preview`));
    const text = await other.get(`/admin/sms/${id}/preview`);
    t.is(text.status, 200);
    t.regex(text.body, /Bonjour &lt;script&gt;[^]*Répondez STOP pour refuser les SMS/);
    t.notRegex(text.body, /<script/);
    t.regex(text.headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/);
    t.is(text.headers.get('x-frame-options'), 'SAMEORIGIN');
  },
);

test.serial('who has no number is asked for one, not for an address', async (t) => {
  const s = await scene(t, { count: 1 });
  const emailAddress = 'bo@example.org';
  const { id } = await s.deps.people.upsert(s.scope, { emailAddress, source: 'website.sign-up' });
  await s.app.get('outreach')(Newsletters).subscribe(s.scope, id, s.newsletterId);
  const page = await (await s.app.staff()).get(`/admin/outreach/${await s.write()}`);
  t.regex(page.body, /Ask them for a mobile number/);
  t.notRegex(page.body, /Ask them for an e-mail address/);
});

test.serial(
  'a sender of letters cannot be answered, so the text leads to the page that stops it',
  async (t) => {
    const s = await scene(t, { count: 0 });
    const frame = await s.deps.outreach.frame(s.scope, { ...s, channel: 'sms' });
    const around = await sampleAround(s.scope, s.deps, frame, 'PARTI');
    t.regex(around.after.join(' '), /^Refuser les SMS : http:\/\/localhost:\d+\/s\/x{12}$/);
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
