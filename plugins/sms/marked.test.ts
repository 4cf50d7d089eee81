// Links of a text message: the party's own bear the send's mark, and what they take of room is counted as it is typed.
import test from 'ava';
import { countWhole, whole } from './content.ts';
import { scene } from './fixture.ts';

const own = { site: 'https://parti.example', mark: '9f3a0b1c2d' };
const around = { before: ['Parti'], after: ['STOP'], own };

test('a link to the party’s own site bears the mark, without the stop of its sentence', (t) => {
  for (const [text, expected] of [
    ['Voir https://parti.example/don.', 'Voir https://parti.example/don?tracking=9f3a0b1c2d.'],
    ['(https://parti.example/don)', '(https://parti.example/don?tracking=9f3a0b1c2d)'],
    ['https://autre.example/don et parti.example', 'https://autre.example/don et parti.example'],
  ] as const) {
    t.is(whole({ text }, around), `Parti\n${expected}\nSTOP`);
  }
  const text = `https://parti.example/don ${'x'.repeat(110)}`;
  t.is(countWhole({ text }, { before: ['Parti'], after: ['STOP'] }).parts, 1);
  t.is(countWhole({ text }, around).parts, 2);
});

test.serial('each reader gets the same mark, and the text on the screen is as long', async (t) => {
  const s = await scene(t);
  const site = await s.deps.siteAddress.of(s.scope);
  const id = await s.write(`Donnez : ${site}/don`);
  const staff = await s.app.staff();
  const page = await staff.get(`/admin/sms/${id}`);
  t.regex(page.body, /\/don\?tracking=x{10}/);
  await staff.post(`/admin/outreach/${id}/release`, { version: '1', when: 'now' });
  await s.app.drain();
  const marks = s.taken.map(({ text }) => /\/don\?tracking=(\w+)/.exec(text)?.[1]);
  const send = await s.deps.outreach.find(s.scope, id);
  t.deepEqual(new Set(marks), new Set([send?.mark]));
});
