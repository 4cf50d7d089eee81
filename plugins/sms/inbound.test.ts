// What comes back: whose it is, stop and its kin, and that one confirmation is all.
import test from 'ava';
import { Reach } from 'rostra/people';
import { numberOf, scene } from './fixture.ts';
import { undoOptOut } from './opt-out.ts';
import { findLines, findThreads } from './thread.sql.ts';

const act = { channel: 'sms', purpose: 'newsletter' } as const;

test.serial(
  'a stop is heard at once for everybody who has the number, and confirmed once',
  async (t) => {
    const s = await scene(t);
    const [one = '', two = ''] = s.ids;
    const { id: shares } = await s.deps.people.upsert(s.scope, {
      ...{
        emailAddress: 'shares@example.org',
        phoneNumber: numberOf(0),
        source: 'website.sign-up',
      },
    });
    const reach = s.app.get('outreach')(Reach);
    const may = async (id: string) =>
      (await reach.may(s.scope, id, { ...act, newsletterId: s.newsletterId }))?.may;
    t.true(await may(one));
    await s.hear('Arrêt');
    t.false(await may(one));
    t.true(await may(two));
    const words = await s.deps.consents.current(s.scope, shares);
    t.true(words.some(({ channel, given }) => channel === 'sms' && !given));
    await s.app.drain();
    t.deepEqual(
      s.taken.map(({ to }) => to),
      [numberOf(0)],
    );
    t.regex(s.taken[0]?.text ?? '', /vous ne recevrez plus de SMS/);
    await s.hear('STOP');
    await s.app.drain();
    t.is(s.taken.length, 1);
    const [thread] = await findThreads(s.scope, { most: 9 });
    t.like(thread, { number: numberOf(0), unread: 2, lastText: 'STOP' });
    t.is(thread?.personIds.length, 2);
    const undo = {
      threadId: thread?.id ?? '',
      number: numberOf(0),
      why: 'a child typed it',
      by: 'Ada',
    };
    t.true(await undoOptOut(s.scope, s.deps, undo));
    t.true(await may(one));
    t.false(await undoOptOut(s.scope, s.deps, undo));
  },
);

test.serial(
  'staff undo a stop that was a mistake, with a reason that the audit log keeps',
  async (t) => {
    const s = await scene(t, { count: 1 });
    await s.hear('STOP');
    const [thread] = await findThreads(s.scope, { most: 9 });
    const staff = await s.app.staff();
    const at = `/admin/sms/inbox/${thread?.id}`;
    const bare = await staff.post(`${at}/undo`, { why: 'oui' });
    t.is(bare.status, 422);
    t.regex(bare.body, /Say why it was a mistake/);
    t.regex((await staff.get(at)).body, /They said stop/);
    t.is((await staff.post(`${at}/undo`, { why: 'A child had the telephone' })).status, 303);
    t.notRegex((await staff.get(at)).body, /They said stop/);
    const { rows } = await s.scope.db.raw(
      `select a.act, d.details from core.audit a left join core.audit_detail d on d.audit_id = a.id
     where a.act like 'sms.number.%' order by a.id`,
    );
    t.deepEqual(
      rows.map(({ act }: { act: string }) => act),
      ['sms.number.stopped', 'sms.number.stop-undone'],
    );
    t.regex(JSON.stringify(rows), /A child had the telephone/);
    const said = await s.deps.consents.current(s.scope, s.ids[0] ?? '');
    t.true(said.some((one) => one.channel === 'sms' && one.purpose === 'newsletter' && one.given));
  },
);

test.serial('a hostile message is text, and stays in its conversation', async (t) => {
  const s = await scene(t);
  const hostile = `<script>alert(1)</script>\u202e\u0000\u0007${'x'.repeat(10_000)}`;
  await s.hear(hostile);
  await s.app.drain();
  t.is(s.taken.length, 0);
  const [thread] = await findThreads(s.scope, { most: 9 });
  const [line] = await findLines(s.scope, thread?.id ?? '', 9);
  t.true(line?.text?.startsWith('<script>'));
  const staff = await s.app.staff();
  const page = await staff.get(`/admin/sms/inbox/${thread?.id}`);
  t.is(page.status, 200);
  t.false(page.body.includes('<script>alert'));
});

test.serial('who asks who writes is told, twice a day at most', async (t) => {
  const s = await scene(t);
  for (let time = 0; time < 4; time += 1) await s.hear('contact');
  await s.app.drain();
  t.is(s.taken.length, 2);
  t.regex(s.taken[0]?.text ?? '', /Parti de l'Exemple, 1 rue de la République/);
});

test.serial(
  'after a release and before its list is made, a stop is heard: that reader gets nothing',
  async (t) => {
    const s = await scene(t);
    const id = await s.write();
    const staff = await s.app.staff();
    const send = await s.deps.outreach.find(s.scope, id);
    const before = await staff.get(`/admin/outreach/${id}`);
    t.is(before.status, 200);
    const released = { version: String(send?.version ?? 1), when: 'now' };
    t.is((await staff.post(`/admin/outreach/${id}/release`, released)).status, 303);
    await s.hear('stopp', numberOf(1));
    await s.app.drain();
    const to = s.taken.filter(({ text }) => /samedi/.test(text)).map((one) => one.to);
    t.deepEqual(to.sort(), [numberOf(0), numberOf(2)]);
    const [first] = s.taken.filter(({ to: number }) => number === numberOf(2));
    t.regex(
      first?.text ?? '',
      /^Parti de l'Exemple\nBonjour Jeanne2, on se voit samedi\.\nRépondez STOP/,
    );
  },
);
