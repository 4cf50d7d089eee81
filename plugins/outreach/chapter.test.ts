// Each query of outreach from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { sisterFaults } from 'rostra/testing';
import { scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import * as recipient from './recipient.sql.ts';
import * as send from './send.sql.ts';

const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;

test('a sister chapter reads and changes nothing of what is sent', async (t) => {
  const s = await scene(t, { count: 2 });
  const sister = await s.app.chapter('Lille');
  const id = await s.write();
  const [draft, thrown, moved] = [await s.write(), await s.write(), await s.write()];
  const planned = await s.write();
  await s.releaseNow(id);
  await s.releaseNow(moved);
  await s.releaseNow(planned);
  const row = await send.findSend(s.scope, id);
  if (!row) return t.fail();
  await freeze(s.scope, s.deps, row, actOf(info, s.newsletterId));
  await s.scope.db.raw(`update outreach.recipient set state = 'unknown' where person_id = :id`, {
    id: s.ids[0] ?? '',
  });
  const fields = { name: 'x', newsletterId: s.newsletterId, content: {} };
  const approval = { version: 1, approver: 'x', startsAt: s.scope.now() };
  const claim = { holder: 'test', limit: 9 };
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own: s.chapter, sister, folder: import.meta.dirname },
      files: /^(send|recipient)/,
      tables: [
        'outreach.send',
        '(select s.organization_id, r.* from outreach.recipient r join outreach.send s on s.id = r.send_id)',
      ],
    },
    {
      reads: {
        findSend: (scope) => send.findSend(scope, id),
        findSends: (scope) => send.findSends(scope, { most: 9 }),
        findOpenSends: (scope) => send.findOpenSends(scope),
        countRecipients: async (scope) => (await recipient.countRecipients(scope, id)).all,
        findEnded: (scope) => recipient.findEnded(scope, id, 'unknown', 9),
      },
      writes: {
        updateSend: (scope) => send.updateSend(scope, draft, 1, fields),
        approveSend: (scope) => send.approveSend(scope, draft, approval),
        moveSend: (scope) => send.moveSend(scope, moved, ['approved'], 'cancelled'),
        freezeSend: (scope) => send.freezeSend(scope, planned),
        deleteDraft: (scope) => send.deleteDraft(scope, thrown),
        claimRecipients: (scope) => recipient.claimRecipients(scope, id, claim),
        holdSends: send.holdSends,
      },
      unbounded: {
        insertSend: 'inserts',
        deleteInvented: 'of invented chapters, by the party alone',
        insertRecipients: 'of a send that was found within the bound before',
        ...named('of those that this process claimed', 'moveAddresses skipRecipients markHanded'),
        ...named('of those that this process claimed', 'settleRecipient giveBack'),
        ...named('of dead processes, whichever they served', 'findHolders settleLost'),
        noteLeft: 'whoever shows the link is its reader',
      },
    },
  );
  t.deepEqual(faults, []);
});

test('the other queries are of one person, whose rights do not end at a chapter', async (t) => {
  const { queriesOf } = await import('rostra/testing');
  t.deepEqual(queriesOf(import.meta.dirname, /^subject/).sort(), [
    ...['eraseReceived', 'findReceived', 'forgetReceived', 'mergeReceived'],
  ]);
});

function named(why: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, why]));
}
