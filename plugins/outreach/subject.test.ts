// What a recipient may ask: the copy, the erasure, two records that become one, and that it is forgotten in time.
import test from 'ava';
import { scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { claimRecipients } from './recipient.sql.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';
import { makeSteps } from './steps.ts';
import { subject } from './subject.ts';

const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;

async function frozen(t: Parameters<typeof scene>[0], count: number) {
  const s = await scene(t, { count });
  const id = await s.write();
  await s.releaseNow(id);
  const send = await findSend(s.scope, id);
  if (!send) throw new Error('there is no such send');
  await freeze(s.scope, s.deps, send, actOf(info, s));
  return { ...s, id };
}

test('a copy tells what was sent, why it was allowed and what became of it; erased, only the count stays', async (t) => {
  const s = await frozen(t, 2);
  const [person = ''] = s.ids;
  await run(s.scope, s.deps, s.id);
  const rows: Record<string, unknown>[] = [];
  for await (const { row } of subject.export(s.app.scope(), person)) rows.push(row);
  t.is(rows.length, 1);
  t.like(rows[0], { address: 'lecteur0@example.org', state: 'accepted', channel: 'email' });
  t.regex(
    String(rows[0]?.['decision']),
    /fr 2026\S+ capabilities\.newsletter\.send|newsletter\.send/,
  );
  await s.app.house.subjects.erase(s.app.scope(), person);
  const { rows: left } = await s.scope.db.raw(
    `select count(*)::int as count from outreach.recipient where person_id = :person or address = 'lecteur0@example.org'`,
    { person },
  );
  t.is(left[0].count, 0);
  t.like(await s.counts(s.id), { all: 2, accepted: 2 });
});

test('of two records that become one while a letter leaves, the person gets it once', async (t) => {
  const s = await frozen(t, 4);
  const [one = '', two = '', three = '', four = ''] = s.ids;
  const holder = await s.deps.lives.own(s.scope);
  // The first has it already; the third and the fourth wait both.
  const [first] = await claimRecipients(s.scope, s.id, { holder, limit: 1 });
  t.is(first?.personId, one);
  const step = makeSteps(s.scope, holder);
  const firstId = first?.id ?? '';
  await step(undefined, firstId);
  await step({ id: firstId, state: 'accepted', answer: '', attempts: 1 }, undefined);
  const root = s.app.scope();
  await s.app.house.subjects.merge(root, one, two);
  await s.app.house.subjects.merge(root, three, four);
  await run(s.scope, s.deps, s.id);
  t.is(s.sink.taken.length, 1, 'the second has it by the first, the fourth gets it once');
  t.like(await s.counts(s.id), { all: 2, accepted: 2 });
});

test('after three years nobody is named any more', async (t) => {
  const s = await frozen(t, 1);
  await run(s.scope, s.deps, s.id);
  t.is(await subject.forget?.(s.app.scope()), 0);
  s.app.clock.set('2029-11-25T10:00:00Z');
  t.is(await subject.forget?.(s.app.scope()), 1);
  t.like(await s.counts(s.id), { all: 1, accepted: 1 });
});
