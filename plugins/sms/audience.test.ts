// A text message to those with a tag: what its sender has to know, and what is said around it.
import test from 'ava';
import { Consents, People, Tags } from 'rostra/people';
import { sampleAround } from './channel.ts';
import { whole } from './content.ts';
import { scene } from './fixture.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

async function makeTagged({ app, scope }: Scene, tag: string, phoneNumber: string) {
  const get = app.get('outreach');
  const { id } = await get(People).upsert(scope, {
    ...{ emailAddress: 'chosen@example.org', phoneNumber, tags: [tag] },
    ...{ birthDate: '1980-02-28', source: 'website.sign-up' },
  });
  for (const channel of ['sms', 'targeting']) {
    await get(Consents).give(scope, {
      ...{ personId: id, channel, wording: 'Yes.', locale: 'en', source: 'website.sign-up' },
      ...{ purpose: channel === 'sms' ? 'campaign' : 'targeting', evidence: { form: '1' } },
    });
  }
  const [found] = await get(Tags).list(scope);
  return found?.id ?? '';
}

test('in the United States it leaves once its sender says that the carriers know them, and names the tag', async (t) => {
  const us = { jurisdiction: 'us', locale: 'en', now: '2026-11-24T19:00:00Z' };
  const s = await scene(t, { ...us, count: 1, number: () => '+12025550123' });
  const tagId = await makeTagged(s, 'canvasser', '+12025550124');
  const staff = await s.app.staff();
  const typed = { to: `tag-${tagId}`, text: 'Come on Saturday.' };
  const page = await staff.get('/admin/sms/new');
  t.regex(
    page.body,
    /<optgroup label="Those with a tag"><option value="tag-\d+">canvasser \(1 person\)/,
  );
  const count = await staff.post('/admin/sms/count', typed);
  t.regex(count.body, /1 person/);
  const saved = await staff.post('/admin/sms/new', typed);
  t.is(saved.status, 303, saved.body);
  const [, id = ''] = /\/sms\/(\d+)$/.exec(saved.headers.get('location') ?? '') ?? [];
  const before = await staff.get(`/admin/outreach/${id}`);
  t.regex(before.body, /The sender is registered with the carriers\./);
  const release = (more = {}) =>
    staff.post(`/admin/outreach/${id}/release`, { version: '1', when: 'now', ...more });
  t.is((await release()).status, 422);
  t.is((await release({ declared: 'registration.carrier' })).status, 303);
  await s.app.drain();
  t.deepEqual(
    s.taken.map(({ to }) => to),
    ['+12025550124'],
  );
  t.regex(
    s.taken[0]?.text ?? '',
    /chose you for this message by a word on your record: .canvasser/,
  );
  t.notRegex(s.taken[0]?.text ?? '', /advertisement/);
});

test('in France it is marked as an advertisement, and leads to who is behind it', async (t) => {
  const s = await scene(t, { count: 0 });
  const tagId = await makeTagged(s, 'bénévole', '+33612345601');
  const frame = await s.deps.outreach.frame(s.scope, { tagId, channel: 'sms' });
  const around = await sampleAround(s.scope, s.deps, frame, s.account.sender);
  const text = whole({ text: 'Venez samedi.' }, around);
  t.regex(text, /Publicité à caractère politique\./);
  t.regex(text, /http:\/\/localhost:\d+\/transparency\/x{10}/);
  t.regex(text, /STOP/);
});
