// Given a party under a law that counts its readers, when it sends a letter, then those are counted whom that law and their own word let be.
import test from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { scene } from './fixture.ts';

/** Where a reader lives, if it is known, and their last word on being counted. */
interface Reader {
  country?: string;
  word?: 'yes' | 'no';
  isCounted: boolean;
}
interface Case {
  given: string;
  jurisdiction: string;
  readers: Record<string, Reader>;
}
const cases: Case[] = [
  {
    ...{ given: 'a French party', jurisdiction: 'fr' },
    readers: {
      silent: { isCounted: false },
      agreed: { word: 'yes', isCounted: true },
      refused: { word: 'no', isCounted: false },
      american: { country: 'US', isCounted: false },
    },
  },
  {
    ...{ given: 'a British party', jurisdiction: 'gb' },
    readers: { silent: { isCounted: false }, agreed: { word: 'yes', isCounted: true } },
  },
  {
    ...{ given: 'a party of the United States', jurisdiction: 'us' },
    readers: {
      silent: { isCounted: true },
      refused: { word: 'no', isCounted: false },
      french: { country: 'FR', isCounted: false },
      'french-agreed': { country: 'FR', word: 'yes', isCounted: true },
    },
  },
];

const notice = 'It is counted that you open this letter';

for (const { given, jurisdiction, readers } of cases) {
  test.serial(
    `given ${given}, then it counts whom law and person let it, and tells them so`,
    async (t) => {
      const s = await scene(t, { jurisdiction, locale: 'en', count: 0 });
      await s.app.house.settings.change(s.scope, 'outreach', { values: { countReaders: true } });
      const get = s.app.get('email');
      for (const [name, { country, word }] of Object.entries(readers)) {
        const { id } = await get(People).upsert(s.scope, {
          ...{ emailAddress: `${name}@example.org`, source: 'website.sign-up' },
          ...(country && { postalAddress: { country } }),
        });
        await get(Newsletters).subscribe(s.scope, id, s.newsletter.id);
        const said = (purpose: string) => ({
          ...{ personId: id, channel: 'email', purpose, wording: 'Yes.', locale: 'en' },
          ...{ source: 'website.sign-up', evidence: { form: '1', confirmedAt: '2026-11-01' } },
        });
        await get(Consents).give(s.scope, said('newsletter'));
        if (word === 'yes') await get(Consents).give(s.scope, said('measure'));
        if (word === 'no') await get(Consents).withdraw(s.scope, said('measure'));
      }
      const id = await s.send();
      t.is(s.taken.length, Object.keys(readers).length);
      const { rows } = await s.scope.db.raw(
        'select address, is_measured, measure_consent_id from outreach.recipient',
      );
      for (const mail of s.taken) {
        const to = [mail.to].flat()[0]?.text ?? '';
        const [html, text] = [String(mail.html), mail.text ?? ''];
        const reader = readers[to.split('@')[0] ?? ''];
        const { isCounted = false, word } = reader ?? {};
        t.is(/<img [^>]*src="[^"]*\/counted\/[^"]+\.gif"/.test(html), isCounted, to);
        t.is(/<a href="[^"]*\/counted\/[^"]+\/1"/.test(html), isCounted, to);
        t.is(/<a href="[^"]*\/bilan\?tracking=\w+"/.test(html), !isCounted, to);
        t.regex(text, /\/bilan\?tracking=\w+/, to);
        t.notRegex(text, /\/counted\//, to);
        t.is(html.includes(notice), isCounted, to);
        t.is(text.includes(notice), isCounted, to);
        const row = rows.find(({ address }: { address: string }) => address === to);
        t.is(row.is_measured, isCounted, to);
        t.is(
          row.measure_consent_id !== null,
          isCounted && word === 'yes',
          `${to}: on what it rests`,
        );
      }
      for (const mail of s.taken) {
        const [, path] =
          /href="http:\/\/localhost:\d+(\/counted\/[^"]+\/1)"/.exec(String(mail.html)) ?? [];
        if (path) t.is((await s.app.visitor().get(path)).status, 302);
      }
      const { body } = await s.staff.get(`/admin/outreach/${id}`);
      const counted = Object.values(readers).filter((one) => one.isCounted).length;
      t.regex(
        body,
        new RegExp(
          `${Object.keys(readers).length} people who got it, ${counted} let[^:]+: ${counted} opened`,
        ),
      );
    },
  );
}
