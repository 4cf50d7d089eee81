// Each query of outreach from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { sisterFaults } from 'rostra/testing';
import * as after from './after.sql.ts';
import * as again from './again.sql.ts';
import * as approval from './approval.sql.ts';
import { scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import * as measure from './measure.sql.ts';
import * as often from './often.sql.ts';
import * as recipient from './recipient.sql.ts';
import * as selection from './selection.sql.ts';
import * as send from './send.sql.ts';
import * as tally from './tally.sql.ts';
import * as wait from './wait.sql.ts';

const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;

test('a sister chapter reads and changes nothing of what is sent', async (t) => {
  const s = await scene(t, { count: 4 });
  const sister = await s.app.chapter('Lille');
  const id = await s.write();
  const [draft, thrown, moved] = [await s.write(), await s.write(), await s.write()];
  const planned = await s.write();
  await s.releaseNow(id);
  await s.releaseNow(moved);
  await s.releaseNow(planned);
  const row = await send.findSend(s.scope, id);
  if (!row) return t.fail();
  await freeze(s.scope, s.deps, row, actOf(info, s));
  const { rows: handed } = await s.scope.db.raw(
    `update outreach.recipient set state = 'unknown', handed_at = :now, is_measured = true where person_id = :id returning key`,
    { id: s.ids[0] ?? '', now: s.scope.now() },
  );
  const { rows: readers } = await s.scope.db.raw(
    `select id from outreach.recipient where send_id = :id and person_id = :reader`,
    { id, reader: s.ids[0] ?? '' },
  );
  const reader = readers[0];
  await s.scope.db.raw(
    `update outreach.recipient set answer = 'quiet', due_at = :later where person_id = :id`,
    { id: s.ids[1] ?? '', later: new Date(s.scope.now().getTime() + 60_000) },
  );
  await s.scope.db.raw(
    `update outreach.recipient set state = 'accepted', answered_at = :now where person_id = :id`,
    { id: s.ids[2] ?? '', now: s.scope.now() },
  );
  await measure.keepMeasuring(s.scope, true);
  await measure.insertLinks(s.scope, id, ['/x']);
  const chosen = { tag: 'x', criteria: 'x', declared: [], elections: [] };
  await selection.insertSelection(s.scope, { sendId: id, ...chosen });
  const told = { key: handed[0].key, kind: 'bounced', at: s.scope.now() } as const;
  const from = { personId: s.ids[0] ?? '', channel: 'email', at: s.scope.now() };
  const fields = { name: 'x', newsletterId: s.newsletterId, content: {} };
  const writer = { id: null, name: 'x' };
  const approved = { version: 1, approver: writer, startsAt: s.scope.now(), declared: [] };
  await approval.askForApproval(s.scope, draft, { version: 1, by: 'x', start: null });
  const claim = { holder: 'test', limit: 9 };
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own: s.chapter, sister, folder: import.meta.dirname },
      files: /^(send|selection|recipient|after|approval|step|wait|often|again|tally|measure)/,
      tables: [
        'outreach.send',
        '(select s.organization_id, r.* from outreach.recipient r join outreach.send s on s.id = r.send_id)',
        '(select s.organization_id, t.* from outreach.tally t join outreach.send s on s.id = t.send_id)',
      ],
    },
    {
      reads: {
        findSend: (scope) => send.findSend(scope, id),
        findAsked: (scope) => approval.findAsked(scope, 9),
        findSends: (scope) => send.findSends(scope, { most: 9 }),
        findSelections: (scope) => selection.findSelections(scope, { most: 9 }),
        findSelection: (scope) => selection.findSelection(scope, row.mark),
        findOpenSends: (scope) => send.findOpenSends(scope),
        findTally: async (scope) => (await tally.findTally(scope, id)).all,
        findScattered: (scope) => tally.findScattered(scope, 1),
        findReceivedByKey: (scope) => after.findReceivedByKey(scope, told.key),
        findWaits: (scope) => wait.findWaits(scope, id),
        findFull: (scope) => often.findFull(scope, { most: 1, since: new Date(0), limit: 9 }),
        findReaderAddress: (scope) => recipient.findReaderAddress(scope, reader.id, s.ids[0] ?? ''),
        isMeasuring: (scope) => measure.isMeasuring(scope, id),
        findLink: (scope) => measure.findLink(scope, id, 1),
        findLinks: (scope) => measure.findLinks(scope, id),
        findMeasurer: (scope) => measure.findMeasurer(scope, reader.id),
        findMeasured: (scope) => measure.findMeasured(scope, reader.id, new Date(0)),
        findEnded: (scope) => recipient.findEnded(scope, id, 'unknown', 9),
      },
      writes: {
        sendBack: (scope) => approval.sendBack(scope, draft, { version: 1, by: 'x', note: 'x' }),
        askForApproval: (scope) =>
          approval.askForApproval(scope, draft, { version: 1, by: 'y', start: null }),
        updateSend: (scope) => send.updateSend(scope, draft, 1, fields, writer),
        approveSend: (scope) => send.approveSend(scope, draft, approved),
        moveSend: (scope) => send.moveSend(scope, moved, ['approved'], 'cancelled'),
        freezeSend: (scope) => send.freezeSend(scope, planned),
        deleteDraft: (scope) => send.deleteDraft(scope, thrown),
        claimRecipients: (scope) => recipient.claimRecipients(scope, id, claim),
        noteReports: async (scope) => (await after.noteReports(scope, told.kind, [told]))[0],
        noteAnswer: (scope) => after.noteAnswer(scope, from, new Date(0)),
        renewUnknown: (scope) => again.renewUnknown(scope, id),
        holdSends: send.holdSends,
        noteReading: (scope) => measure.noteReading(scope, reader.id, 1),
      },
      unbounded: {
        insertSend: 'inserts',
        insertSelection: 'of a send that was found within the bound before',
        deleteInvented: 'of invented chapters, by the party alone',
        ...named(
          'of a send that was found within the bound before',
          'insertRecipients skipShared gatherTally insertLinks',
        ),
        ...named(
          'of those that this process claimed',
          'moveAddresses skipRecipients markMeasured passOn findShared',
        ),
        ...named('of those that this process claimed', 'stepRecipients giveBack settleLeft'),
        ...named('of dead processes, whichever they served', 'findHolders settleLost'),
        analyzeRecipients: 'of nobody',
        findRecent: 'counts alone, of people who were found within the bound before',
        ...named('of those that this process claimed', 'putOff'),
        keepMeasuring: 'of the organization alone',
        noteLeft: 'whoever shows the link is its reader',
      },
    },
  );
  t.deepEqual(faults, []);
});

test('the other queries are of one person, whose rights do not end at a chapter', async (t) => {
  const { queriesOf } = await import('rostra/testing');
  t.deepEqual(queriesOf(import.meta.dirname, /^subject/).sort(), [
    ...['eraseReceived', 'findReadings', 'findReceived', 'forgetReadings', 'forgetReceived'],
    'mergeReceived',
  ]);
});

function named(why: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, why]));
}
