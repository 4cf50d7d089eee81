// Who gets a text is written down once, whatever becomes of the worker that writes it, with what it rests on.
import test from 'ava';
import { addressOf, scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { findSend } from './send.sql.ts';
import { move } from './send.ts';

const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;

async function released(t: Parameters<typeof scene>[0], count: number) {
  const s = await scene(t, { count });
  const id = await s.write();
  await s.releaseNow(id);
  const send = await findSend(s.scope, id);
  if (!send) throw new Error('there is no such send');
  const rows = async () =>
    (
      await s.scope.db.raw(
        `select person_id as "personId", address, locale, is_direct as "isDirect", decision, state,
           consent_id as "consentId" from outreach.recipient where send_id = :id order by id`,
        { id },
      )
    ).rows;
  return { ...s, id, rows, freeze: () => freeze(s.scope, s.deps, send, actOf(info, s)) };
}

test('each row says where it goes, by which rules, and on which word of consent it rests', async (t) => {
  const s = await released(t, 3);
  await s.scope.db.raw(`update people.person set locale = 'en' where id = :id`, {
    id: s.ids[1] ?? '',
  });
  t.true(await s.freeze());
  const rows = await s.rows();
  t.deepEqual(
    rows.map(({ address }: { address: string }) => address),
    [0, 1, 2].map(addressOf),
  );
  t.deepEqual(
    rows.map(({ locale }: { locale: string }) => locale),
    ['fr', 'en', 'fr'],
  );
  const { rows: words } = await s.scope.db.raw(
    `select id, person_id as "personId" from people.consent where given order by id`,
  );
  for (const row of rows) {
    t.like(row, { isDirect: true, state: 'ready' });
    t.regex(row.decision, /^fr 20\S+ \S+/);
    const word = words.find(({ personId }: { personId: string }) => personId === row.personId);
    t.is(row.consentId, word?.id);
  }
});

test('cut off in the middle and begun anew it writes nobody twice and forgets nobody', async (t) => {
  const s = await released(t, 9);
  t.true(await s.freeze());
  const whole = await s.rows();
  // As a worker leaves it that was killed between two stretches.
  await s.scope.write(async ({ db }) => {
    await db.raw('delete from outreach.recipient where send_id = :id and id % 2 = 0', { id: s.id });
    await db.raw(`update outreach.send set state = 'approved', frozen_at = null where id = :id`, {
      id: s.id,
    });
  });
  t.true((await s.rows()).length < whole.length);
  t.true(await s.freeze());
  const byPerson = (rows: { personId: string }[]) =>
    rows.toSorted((a, b) => Number(a.personId) - Number(b.personId));
  t.deepEqual(byPerson(await s.rows()), byPerson(whole));
  t.like(await s.counts(s.id), { all: 9, waiting: 9 });
});

test('its page counts whom a planned text will reach, and while they are written down how many there are so far', async (t) => {
  const s = await released(t, 5);
  const staff = await s.app.staff();
  const page = async () => (await staff.get(`/admin/@lyon/outreach/${s.id}`)).body;
  const counted = /5 people get it/;
  const due = await page();
  t.regex(due, /It begins in a moment/);
  t.notRegex(due, counted);
  t.true(await s.freeze());
  await s.scope.db.raw(`update outreach.send set state = 'approved', frozen_at = null`);
  await s.scope.db.raw('delete from outreach.recipient where person_id = :id', { id: s.ids[0] });
  const half = await page();
  t.regex(half, /being written down: 4 people so far/);
  t.notRegex(half, counted);
  t.regex(half, /hx-trigger="every 2s"/);
  await s.scope.db.raw('update outreach.send set starts_at = :at', { at: '2026-11-26T10:00:00Z' });
  const planned = await page();
  t.regex(planned, counted);
  t.notRegex(planned, /hx-trigger="every 2s"/);
});

test('cancelled before it is whole, nobody joins it and nothing begins', async (t) => {
  const s = await released(t, 4);
  await move(s.scope, s.deps, s.id, 'cancel');
  t.false(await s.freeze());
  t.deepEqual(await s.rows(), []);
  t.is((await findSend(s.scope, s.id))?.state, 'cancelled');
});
