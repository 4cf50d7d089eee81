// A text that goes to many: somebody else than who wrote it releases it, and both see where it stands.
import test, { type ExecutionContext } from 'ava';
import { content, scene } from './fixture.ts';
import { findSend } from './send.sql.ts';

const now = { version: '1', when: 'now' };

/** A setting of three; two of one name who both write and release. */
async function two(t: ExecutionContext, count = 3) {
  const s = await scene(t, { count });
  const organiser = await s.app.staff('administrator');
  const set = await organiser.post('/admin/settings/outreach', { secondFrom: '3', revision: '0' });
  t.is(set.status, 303, set.body.slice(0, 500));
  const [writer, other] = [
    await s.app.staff('chapter-volunteer', s.chapter),
    await s.app.staff('chapter-volunteer', s.chapter),
  ];
  const written = await writer.post('/admin/@lyon/email/new', {
    ...{ to: `newsletter-${s.newsletterId}`, subject: content.subject, kind: 'paragraph' },
    ...{ text: 'Bonjour', href: '', do: 'save' },
  });
  const id = /(\d+)$/.exec(written.location ?? '')?.[1] ?? '';
  t.truthy(id, written.body.slice(0, 500));
  const at = `/admin/@lyon/outreach/${id}`;
  const acts = async () =>
    (
      await s.scope.db.raw(`select act from core.audit where act like 'outreach.%' order by id`)
    ).rows.map((row: { act: string }) => row.act);
  return { ...s, organiser, writer, other, id, at, acts, state: () => findSend(s.scope, id) };
}

test('who wrote a text for many does not release it, another does, and each step is in the audit', async (t) => {
  const s = await two(t);
  const alone = await s.writer.post(`${s.at}/release`, now);
  t.is(alone.status, 409);
  t.regex(alone.body, /somebody else than who wrote it/);
  t.is((await s.state())?.state, 'draft');
  t.is((await s.writer.post(`${s.at}/ask`, now)).status, 303);
  const own = (await s.writer.get('/admin/@lyon/outreach')).body;
  t.notRegex(own, /Waits for you/);
  t.regex(own, /Waits for approval/);
  t.regex((await s.writer.get(s.at)).body, /It waits for approval/);
  t.regex((await s.other.get('/admin/@lyon/outreach')).body, /Waits for you/);
  const seen = (await s.other.get(s.at)).body;
  t.regex(seen, /asks for your approval/);
  t.regex(seen, /<iframe src="[^"]*\/email\/\d+\/preview"/);
  t.is((await s.other.post(`${s.at}/release`, now)).status, 303);
  await s.app.drain();
  t.is(s.sink.taken.length, 3);
  t.deepEqual((await s.acts()).slice(-3), [
    'outreach.send.written',
    'outreach.send.asked',
    'outreach.send.approved',
  ]);
});

test('a text that is sent back carries its note, and a change of the text takes the question back', async (t) => {
  const s = await two(t);
  await s.writer.post(`${s.at}/ask`, { ...now, when: 'later', at: '2026-11-25T09:00' });
  t.regex((await s.other.get(s.at)).body, /value="2026-11-25T09:00"/);
  const empty = await s.other.post(`${s.at}/back`, { version: '1', note: ' ' });
  t.is(empty.status, 422);
  const note = 'La date du <b>meeting</b> est fausse.';
  t.is((await s.other.post(`${s.at}/back`, { version: '1', note })).status, 303);
  const told = (await s.writer.get(s.at)).body;
  t.regex(told, /La date du &lt;b&gt;meeting/);
  t.regex((await s.writer.get('/admin/@lyon/outreach')).body, /Sent back/);
  await s.writer.post(`${s.at}/ask`, now);
  const change = {
    ...{ to: `newsletter-${s.newsletterId}`, subject: 'Autre', kind: 'paragraph', text: 'Bonsoir' },
    ...{ href: '', version: '1', do: 'save' },
  };
  // The other one mends it: from now on the first may release it, and the other may not.
  t.is((await s.other.post(`/admin/@lyon/email/${s.id}`, change)).status, 303);
  t.like(await s.state(), { version: 2, askedAt: null, backNote: null });
  t.is((await s.other.post(`${s.at}/back`, { version: '2', note })).status, 409);
  t.is((await s.writer.post(`${s.at}/release`, now)).status, 409, 'of a text that nobody saw');
  t.is((await s.other.post(`${s.at}/release`, { ...now, version: '2' })).status, 409);
  t.is((await s.writer.post(`${s.at}/release`, { ...now, version: '2' })).status, 303);
});

test('below the size, and where the setting is 0, one alone releases', async (t) => {
  const s = await two(t, 2);
  t.is((await s.writer.post(`${s.at}/release`, now)).status, 303);
  const all = await two(t);
  const off = { secondFrom: '0', revision: '1' };
  t.is((await all.organiser.post('/admin/settings/outreach', off)).status, 303);
  t.is((await all.writer.post(`${all.at}/release`, now)).status, 303);
});
