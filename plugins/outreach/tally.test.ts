// The numbers that are kept beside the recipients are those that counting them would give, whatever happens to them.
import test from 'ava';
import fc from 'fast-check';
import type { Scope } from 'rostra/plugin';
import { noteAnswer, noteReports } from './after.sql.ts';
import { renewUnknown } from './again.sql.ts';
import { scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { markMeasured } from './measure.sql.ts';
import {
  claimRecipients,
  giveBack,
  noteLeft,
  settleLeft,
  settleLost,
  skipRecipients,
} from './recipient.sql.ts';
import { findSend, holdSends } from './send.sql.ts';
import { stepRecipients } from './step.sql.ts';
import { eraseReceived, forgetReceived, mergeReceived } from './subject.sql.ts';
import { findScattered, findTally, gatherTally } from './tally.sql.ts';
import { putOff } from './wait.sql.ts';

const people = 24;
const seed = 20_261_129;
const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;

interface Recipient {
  id: string;
  key: string;
  send: string;
  person: string | null;
  state: string;
}
interface Moment {
  own: Scope;
  sends: string[];
  all: Recipient[];
  /** Of two processes one. */
  holder: string;
  /** Of those that are in one of these states. */
  pick(count: number, ...states: string[]): Recipient[];
  n: number;
}
const idsOf = (those: readonly Recipient[]) => those.map(({ id }) => id);
const ends = ['accepted', 'refused', 'unknown', 'later', 'kept'] as const;
const reports = ['delivered', 'bounced', 'complained'] as const;

const deeds: Record<string, (m: Moment) => Promise<unknown>> = {
  claim: ({ own, sends, holder, n }) =>
    claimRecipients(own, sends[n % 2] ?? '', { holder, limit: 1 + (n % 9) }),
  step: ({ own, holder, pick, n }) =>
    stepRecipients(own, {
      ends: pick(4, 'handed', 'unknown').map(({ id }, at) => {
        return { id, state: ends[(n + at) % 5] ?? 'kept', answer: 'x', attempts: 1 };
      }),
      ...{ holder, next: idsOf(pick(7, 'claimed')), isAgain: n % 2 === 0 },
    }),
  handAll: ({ own, holder, all, n }) =>
    stepRecipients(own, { holder, ends: [], next: idsOf(all), isAgain: n % 2 === 0 }),
  giveBack: ({ own, holder, pick }) =>
    giveBack(own, idsOf(pick(5, 'claimed')), { holder, dueAt: own.now() }),
  measure: ({ own, pick, n }) =>
    markMeasured(
      own,
      pick(6, 'claimed').map(({ id }, at) => ({
        id,
        isMeasured: (n + at) % 3 > 0,
        consentId: null,
      })),
    ),
  skip: ({ own, holder, pick }) =>
    skipRecipients(
      own,
      pick(2, 'claimed').map(({ id }) => ({ id, why: 'stopped' })),
      holder,
    ),
  putOff: ({ own, holder, pick }) =>
    putOff(
      own,
      pick(3, 'claimed').map(({ id }) => ({ id, dueAt: own.now(), why: 'quiet' })),
      holder,
    ),
  settleLeft: ({ own, sends, holder, n }) => settleLeft(own, sends[n % 2] ?? '', holder),
  settleLost: ({ own, holder }) => settleLost(own, [holder]),
  report: ({ own, pick, n }) =>
    noteReports(
      own,
      reports[n % 3] ?? 'delivered',
      pick(6, 'handed', 'accepted', 'unknown').map(({ key }, at) => ({
        ...{ key, kind: reports[n % 3] ?? 'delivered', at: own.now() },
        isPermanent: (n + at) % 2 === 0,
      })),
    ),
  answer: ({ own, pick }) => {
    const [personId = ''] = pick(1, 'handed', 'accepted', 'unknown').flatMap(
      ({ person }) => person ?? [],
    );
    const at = new Date(own.now().getTime() + 1);
    return noteAnswer(own, { personId: personId || '0', channel: 'email', at }, new Date(0));
  },
  leave: async ({ own, pick }) => {
    for (const { id, person } of pick(1)) await noteLeft(own, id, person ?? '0');
  },
  erase: async ({ own, pick, n }) => {
    for (const { person } of pick(n % 3 === 0 ? 1 : 0)) await eraseReceived(own, person ?? '0');
  },
  merge: async ({ own, pick }) => {
    const [one, two] = pick(2);
    if (one?.person && two?.person) await mergeReceived(own, one.person, two.person);
  },
  forget: async ({ own, n }) => {
    if (n % 5 === 0) await forgetReceived(own, new Date(own.now().getTime() + 1));
  },
  again: ({ own, sends, n }) => renewUnknown(own, sends[n % 2] ?? ''),
  restore: async ({ own, n }) => {
    if (n % 5 > 0) return;
    await holdSends(own);
    await own.db.raw(`update outreach.send set state = 'sending' where state = 'paused'`);
  },
  gather: ({ own, sends, n }) => gatherTally(own, sends[n % 2] ?? ''),
};

/** How a deed ends; two of three are committed. */
const fates = ['done', 'done', 'done', 'done', 'undone', 'killed'] as const;

const step = fc.record({
  deed: fc.constantFrom(...Object.keys(deeds), 'claim', 'handAll', 'step', 'step'),
  fate: fc.constantFrom(...fates),
  n: fc.nat(10_000),
});

test('after any history, with deeds undone, killed and at one time, the numbers are those of the recipients', async (t) => {
  const s = await scene(t, { count: people });
  const sends = [await s.write(), await s.write()];
  for (const id of sends) {
    await s.releaseNow(id);
    const send = await findSend(s.scope, id);
    if (send) await freeze(s.scope, s.deps, send, actOf(info, s));
  }
  const find = async (): Promise<Recipient[]> =>
    (
      await s.scope.db.raw(
        'select id, key, send_id as send, person_id as person, state from outreach.recipient order by id',
      )
    ).rows;
  const act = async ({ deed, fate, n }: { deed: string; fate: string; n: number }) => {
    const all = await find();
    const pick = (count: number, ...states: string[]): Recipient[] => {
      const those = all.filter(({ state }) => states.length === 0 || states.includes(state));
      const from = those.length > 0 ? n % those.length : 0;
      return [...those.slice(from), ...those.slice(0, from)].slice(0, count);
    };
    await s.scope
      .write(async (own) => {
        await deeds[deed]?.({ own, sends, all, holder: `p${n % 2}`, pick, n });
        if (fate === 'undone') throw new Error('undone');
        if (fate === 'killed') await own.db.raw('select pg_terminate_backend(pg_backend_pid())');
      })
      // Undone, killed, or one of two that waited for each other.
      .catch(() => undefined);
  };
  const history = fc.sample(step, { numRuns: 360, seed });
  for (let from = 0; from < history.length; from += 3) {
    await Promise.all(history.slice(from, from + 3).map(act));
    for (const id of sends) {
      const counted = await countAll(s.scope, id);
      t.deepEqual(
        await findTally(s.scope, id),
        counted,
        JSON.stringify(history.slice(from, from + 3)),
      );
    }
  }
  for (const id of sends) await s.scope.write((own) => gatherTally(own, id));
  t.deepEqual(await findScattered(s.scope, 2), []);
  for (const id of sends) t.deepEqual(await findTally(s.scope, id), await countAll(s.scope, id));
});

test('each number goes up and down with what it counts', async (t) => {
  const s = await scene(t, { count: 7 });
  const id = await s.write();
  await s.releaseNow(id);
  const send = await findSend(s.scope, id);
  if (send) await freeze(s.scope, s.deps, send, actOf(info, s));
  const { scope } = s;
  const tally = (more: Record<string, number>) => {
    const none = { accepted: 0, refused: 0, unknown: 0, skipped: 0, left: 0, delivered: 0 };
    return {
      ...none,
      bounced: 0,
      complained: 0,
      answered: 0,
      measured: 0,
      opened: 0,
      clicked: 0,
      ...more,
    };
  };
  const is = async (more: Record<string, number>) =>
    t.deepEqual<unknown, unknown>(await findTally(scope, id), tally(more));
  await is({ all: 7, waiting: 7 });
  const claimed = await claimRecipients(scope, id, { holder: 'p', limit: 6 });
  await markMeasured(
    scope,
    claimed.map((one) => ({ id: one.id, isMeasured: one.id !== claimed[0]?.id, consentId: null })),
  );
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = claimed.map((one) => one.id);
  await skipRecipients(scope, [{ id: f, why: 'stopped' }], 'p');
  await is({ all: 7, waiting: 6, skipped: 1 });
  const hand = { holder: 'p', isAgain: false };
  await stepRecipients(scope, { ...hand, ends: [], next: [a, b, c, d, e] });
  const answered = { answer: '', attempts: 1 };
  await stepRecipients(scope, {
    ...{ ...hand, next: [] },
    ends: [
      ...[a, b, c].map((one) => ({ id: one, state: 'accepted' as const, ...answered })),
      { id: d, state: 'refused', ...answered },
    ],
  });
  const measured = 2;
  await is({ all: 7, waiting: 2, skipped: 1, accepted: 3, refused: 1, measured });
  await settleLost(scope, ['p']);
  await is({ all: 7, waiting: 1, skipped: 1, accepted: 3, refused: 1, unknown: 1, measured });
  const keyOf = (one: string) => claimed.find((row) => row.id === one)?.key ?? '';
  const at = scope.now();
  await noteReports(scope, 'delivered', [{ key: keyOf(a), kind: 'delivered', at }]);
  await noteReports(scope, 'bounced', [
    { key: keyOf(b), kind: 'bounced', at },
    { key: keyOf(c), kind: 'bounced', isPermanent: true, at },
  ]);
  await noteReports(scope, 'complained', [{ key: keyOf(a), kind: 'complained', at }]);
  const personId = claimed[0]?.personId ?? '';
  await noteLeft(scope, a, personId);
  await noteAnswer(scope, { personId, channel: 'email', at }, new Date(0));
  const ended = { all: 7, skipped: 1, accepted: 3, refused: 1, unknown: 1, left: 1, measured };
  const told = { delivered: 1, bounced: 1, complained: 1, answered: 1 };
  await is({ ...ended, waiting: 1, ...told });
  await renewUnknown(scope, id);
  await is({ ...ended, waiting: 2, unknown: 0, ...told });
  for (const one of s.ids) await eraseReceived(scope, one);
  await is({ ...ended, all: 5, waiting: 0, unknown: 0, ...told });
});

test('with a send its numbers go', async (t) => {
  const s = await scene(t, { count: 2 });
  const id = await s.write();
  await s.releaseNow(id);
  const send = await findSend(s.scope, id);
  if (send) await freeze(s.scope, s.deps, send, actOf(info, s));
  t.is((await findTally(s.scope, id)).waiting, 2);
  await s.scope.write(async ({ db }) => {
    await db.raw('delete from outreach.recipient where send_id = :id', { id });
    await db.raw('delete from outreach.send where id = :id', { id });
  });
  const { rows } = await s.scope.db.raw('select count(*)::int as left from outreach.tally');
  t.is(rows[0].left, 0);
});

async function countAll(scope: Scope, id: string): Promise<Record<string, number>> {
  const { rows } = await scope.db.raw(
    `select count(*)::int as "all", count(*) filter (where state in ('ready', 'claimed', 'handed'))::int as waiting,
       count(*) filter (where state = 'accepted')::int as accepted,
       count(*) filter (where state = 'refused')::int as refused,
       count(*) filter (where state = 'unknown')::int as unknown,
       count(*) filter (where state = 'skipped')::int as skipped, count(left_at)::int as "left",
       count(delivered_at)::int as delivered,
       count(bounced_at) filter (where is_bounce_permanent)::int as bounced,
       count(complained_at)::int as complained, count(answered_at)::int as answered,
       count(*) filter (where is_measured and state = 'accepted')::int as measured, 0 as opened, 0 as clicked
     from outreach.recipient where send_id = :id`,
    { id },
  );
  return rows[0];
}
