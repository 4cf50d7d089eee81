// A person's rights over text messages: the copy, the erasure, one out of two; and a sister chapter that meets none of it.
import test from 'ava';
import { queriesOf, sisterFaults } from 'rostra/testing';
import { numberOf, scene } from './fixture.ts';
import * as stops from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import { subject } from './subject.ts';
import * as threads from './thread.sql.ts';

async function copyOf(s: Awaited<ReturnType<typeof scene>>, personId: string) {
  const rows = [];
  for await (const one of subject.export(s.scope, personId)) rows.push(one);
  return rows;
}

test.serial(
  'a copy holds what came and went; erased, nothing of it is left but the stop',
  async (t) => {
    const s = await scene(t);
    const [one = ''] = s.ids;
    await s.hear('Je viens');
    await s.hear('STOP');
    await s.app.drain();
    const tables = (await copyOf(s, one)).map(({ table }) => table);
    t.deepEqual(tables, ['sms.thread', 'sms.message', 'sms.message', 'sms.message']);
    await s.app.house.subjects.erase(s.scope, one);
    t.deepEqual(await copyOf(s, one), []);
    const { rows } = await s.scope.db.raw('select count(text)::int as texts from sms.message');
    t.is(rows[0].texts, 0);
    t.true(await stops.isStopped(s.scope, await markOf(s.scope, s.deps, numberOf(0))));
  },
);

test.serial('of two who are one, the conversation is the one’s', async (t) => {
  const s = await scene(t);
  const [one = '', two = ''] = s.ids;
  await s.hear('Bonjour');
  await s.scope.write((own) => subject.merge(own, one, two));
  t.is((await copyOf(s, one)).length, 0);
  t.is((await copyOf(s, two)).length, 2);
});

test.serial('a sister chapter reads and changes nothing of a conversation', async (t) => {
  const s = await scene(t, { count: 1 });
  const [own, sister] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
  const lyon = s.app.scope(own);
  const { rows } = await lyon.db.raw(
    `insert into sms.account (organization_id, gateway, sender, sealed_settings, created_at)
     values (:own, 'smpp', '+33600000000', '', :now) returning id`,
    { own, now: lyon.now() },
  );
  const accountId = rows[0].id;
  const came = { accountId, number: '+33700000000', at: lyon.now(), asksStop: true };
  const id = await threads.noteInbound(lyon, came);
  await lyon.db.raw(
    `insert into sms.message (organization_id, account_id, direction, number, sender, text, currency, state, at)
     values (:own, :accountId, 'inbound', :number, '', 'x', 'EUR', 'received', :at)`,
    { own, accountId, number: came.number, at: came.at },
  );
  const mark = '0123456789abcdef';
  const stopId = (await stops.insertStop(lyon, { mark, threadId: id })) ?? '';
  const [ada] = await s.scope.db('core.account').select('id');
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own, sister, folder: import.meta.dirname },
      files: /^(thread|opt-out)\./,
      tables: ['sms.thread', 'sms.stop'],
    },
    {
      reads: {
        findThreads: (scope) => threads.findThreads(scope, { most: 9 }),
        findThread: (scope) => threads.findThread(scope, id),
        findLines: (scope) => threads.findLines(scope, id, 9),
        countUnread: (scope) => threads.countUnread(scope),
        findStop: (scope) => stops.findStop(scope, mark),
      },
      writes: {
        assign: (scope) => threads.assign(scope, id, { id: ada.id, name: 'Ada' }),
        noteRead: (scope) => threads.noteRead(scope, id),
        settleAsked: (scope) => threads.settleAsked(scope, id),
        endStop: (scope) => stops.endStop(scope, stopId, { by: null, why: null }),
      },
      unbounded: {
        isStopped: 'a number is one telephone, whichever part of the party was told',
        findStopped: 'the same, of many',
        ...{ insertStop: 'inserts', noteInbound: 'of an account within the bound' },
        noteStoppedConsent: 'of a stop that was made just before',
        linkPeople: 'of a conversation that was made just before',
        nameSender: 'of a message that was kept just before',
      },
    },
  );
  t.deepEqual(faults, []);
  t.deepEqual(queriesOf(import.meta.dirname, /^(subject|single)/).sort(), [
    ...['claimSingle', 'eraseMessagesOf', 'findMessagesOf', 'findThreadsOf', 'forgetMessages'],
    ...['insertSingle', 'mergeMessages', 'settleSingle'],
  ]);
});
