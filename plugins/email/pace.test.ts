// A mail server that takes so many letters an hour gets no more of them, and nobody is lost over it.
import test from 'ava';
import { sisterFaults } from 'rostra/testing';
import { makeChannel } from './channel.ts';
import { scene } from './fixture.ts';
import * as paces from './pace.sql.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

async function paced(s: Scene, lettersPerHour: number): Promise<void> {
  await s.app.house.settings.change(s.scope, 'email', { values: { lettersPerHour } });
}

/** As the engine asks: so many of twenty are let go now. */
async function taken(s: Scene, scope = s.scope): Promise<number> {
  const channel = makeChannel(s.deps);
  return (await scope.write((own) => channel.take(own, 20))).count;
}

test.serial('with 120 an hour two leave in a minute, until all have it', async (t) => {
  const s = await scene(t, { count: 5 });
  await paced(s, 120);
  const { jobs = [] } = s.app.house.registry.find('outreach')?.contributions ?? {};
  const minute = async (at: string): Promise<number> => {
    s.app.clock.set(at);
    await jobs.find(({ name }) => name === 'wake')?.run(s.scope, {});
    await s.app.drain();
    return s.taken.length;
  };
  const id = await s.send();
  t.is(s.taken.length, 2);
  t.is(await minute('2026-11-24T10:00:29Z'), 2);
  t.is(await minute('2026-11-24T10:01:00Z'), 4);
  t.is(await minute('2026-11-24T10:02:00Z'), 5);
  t.is((await s.outreach.find(s.scope, id))?.state, 'done');
});

test.serial(
  'of few an hour one leaves at a time; what was not handed over is given back; two at once share the room',
  async (t) => {
    const s = await scene(t, { count: 0 });
    t.is(await taken(s), 20, 'nothing is set');
    await paced(s, 30);
    t.is(await taken(s), 1);
    t.is(await taken(s), 0);
    s.app.clock.set('2026-11-24T10:01:00Z');
    t.is(await taken(s), 0);
    s.app.clock.set('2026-11-24T10:02:00Z');
    const channel = makeChannel(s.deps);
    const room = await s.scope.write((own) => channel.take(own, 20));
    t.is(room.count, 1);
    await s.scope.write((own) => room.giveBack(own, 1));
    t.is(await taken(s), 1);
    await paced(s, 600);
    s.app.clock.set('2026-11-24T11:00:00Z');
    const both = await Promise.all([taken(s), taken(s)]);
    t.is(both[0] + both[1], 10);
  },
);

test.serial('chapters share the party’s, and who sets one of its own has it alone', async (t) => {
  const s = await scene(t, { count: 0 });
  const own = await s.app.chapter('Lyon');
  const sister = await s.app.chapter('Lille');
  await paced(s, 60);
  t.is(await taken(s, s.app.scope(own)), 1);
  t.is(await taken(s, s.app.scope(sister)), 0);
  await s.app.house.settings.change(s.app.scope(sister), 'email', {
    values: { lettersPerHour: 120 },
  });
  t.is(await taken(s, s.app.scope(sister)), 2);
  const pace = { isOwn: true, gap: 1, from: new Date('2026-11-24T09:59:00Z') };
  await s.app.scope(own).write((scope) => paces.takePace(scope, pace, 1));
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own, sister, folder: import.meta.dirname, files: /^pace/ },
      tables: ['email.pace'],
    },
    {
      reads: {},
      writes: {
        takePace: (scope) => paces.takePace(scope, pace, 1),
        giveBackPace: (scope) => paces.giveBackPace(scope, pace, 1),
      },
    },
  );
  t.deepEqual(faults, []);
});
