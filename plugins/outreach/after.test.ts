// What comes back of a letter that was sent: it arrived, came back, annoyed, or was answered.
import test from 'ava';
import { addressOf, scene } from './fixture.ts';
import { Outreach } from './index.ts';
import { subject } from './subject.ts';

async function sent(t: Parameters<typeof scene>[0], count = 2) {
  const s = await scene(t, { count });
  const id = await s.write();
  await s.releaseNow(id);
  await s.app.drain();
  const { rows } = await s.scope.db.raw(
    'select * from outreach.recipient where send_id = :id order by person_id',
    { id },
  );
  const read = async (personId: string) =>
    (
      await s.scope.db.raw('select * from outreach.recipient where person_id = :personId', {
        personId,
      })
    ).rows[0];
  return { ...s, id, outreach: s.app.get('outreach')(Outreach), key: rows[0].key, read };
}

test('what is told of a message is kept once, tells whose it was, and another chapter is told nothing', async (t) => {
  const s = await sent(t);
  const [person = ''] = s.ids;
  const at = s.scope.now();
  const soft = { key: s.key, kind: 'bounced', detail: '4.2.2\r\n full', at } as const;
  const first = await s.outreach.report(s.scope, soft);
  t.like(first, {
    ...{ isNew: true, personId: person, address: addressOf(0), sendId: s.id },
    ...{ channel: 'email', newsletterId: s.newsletterId, organizationId: s.chapter },
  });
  t.like(await s.outreach.report(s.scope, soft), { isNew: false });
  const hard = { ...soft, isPermanent: true, detail: '5.1.1' };
  t.like(await s.outreach.report(s.scope, hard), { isNew: true }, 'for good is news');
  t.like(await s.outreach.report(s.scope, hard), { isNew: false });
  t.like(await s.outreach.report(s.scope, soft), { isNew: false });
  t.like(await s.read(person), { is_bounce_permanent: true, bounced_at: at });
  const sister = s.app.scope(await s.app.chapter('Lille'));
  t.is(await s.outreach.report(sister, hard), undefined);
  t.is(await s.outreach.report(s.scope, { ...hard, key: 'nobody' }), undefined);
  const never = '00000000-0000-4000-8000-000000000000';
  t.is(await s.outreach.report(s.scope, { ...hard, key: never }), undefined);
});

test('a report settles what was unknown, and of the erased nothing that names them is kept', async (t) => {
  const s = await sent(t);
  const [person = ''] = s.ids;
  await s.scope.db.raw(`update outreach.recipient set state = 'unknown' where send_id = :id`, {
    id: s.id,
  });
  const at = s.scope.now();
  const told = { key: s.key, kind: 'bounced', detail: 'lecteur0@example.org is full', at } as const;
  await s.outreach.report(s.scope, told);
  t.like(await s.counts(s.id), { accepted: 1, unknown: 1 });
  const rows: Record<string, unknown>[] = [];
  for await (const { row } of subject.export(s.app.scope(), person)) rows.push(row);
  t.like(rows[0], { bounce_detail: 'lecteur0@example.org is full' });
  await s.app.house.subjects.erase(s.app.scope(), person);
  t.like(await s.outreach.report(s.scope, { ...told, isPermanent: true }), { personId: null });
  const { rows: left } = await s.scope.db.raw(
    'select bounce_detail from outreach.recipient where key = :key',
    { key: s.key },
  );
  t.is(left[0].bounce_detail, null);
});

test('an answer belongs to the newest message of a week to its sender on that channel', async (t) => {
  const s = await sent(t);
  const [one = '', two = ''] = s.ids;
  const later = (days: number) => new Date(s.scope.now().getTime() + days * 86_400_000);
  const by = (personId: string, days: number, channel = 'email') =>
    s.outreach.answered(s.scope, { personId, channel, at: later(days) });
  t.is(await by(one, 8), undefined, 'too late');
  t.is(await by(one, 1, 'sms'), undefined, 'another channel');
  t.deepEqual(await by(one, 1), { sendId: s.id, personId: one });
  await by(one, 2);
  t.deepEqual((await s.read(one)).answered_at, later(1), 'the first answer counts');
  const found = await s.outreach.answered(s.scope, {
    ...{ address: addressOf(1), channel: 'email', at: later(1) },
  });
  t.deepEqual(found, { sendId: s.id, personId: two });
});
