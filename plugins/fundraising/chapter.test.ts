// Each query on money from a sister chapter, by staff who hold an office in neither: it finds nothing, and touches nothing.
import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Scope } from 'rostra/plugin';
import { makeApp, sisterFaults } from 'rostra/testing';
import * as appeal from './appeal.sql.ts';
import * as batch from './batch.sql.ts';
import { keepEvidence } from './batch.ts';
import { type Deps, depsOf } from './deps.ts';
import type { Donation } from './donation.sql.ts';
import * as donation from './donation.sql.ts';
import { giveBack } from './donation.ts';
import * as donor from './donor.sql.ts';
import * as election from './election.sql.ts';
import { aroundOf, makeRecipient, offerOf } from './fixture.ts';
import * as ledger from './ledger.sql.ts';
import { seal } from './ledger.ts';
import * as likeness from './likeness.sql.ts';
import * as office from './office.sql.ts';
import { record } from './pledge.ts';
import type { Recipient } from './recipient.sql.ts';
import * as recipient from './recipient.sql.ts';
import * as task from './task.sql.ts';
import { writeScan } from './testing/scan.ts';

const slip = {
  ...({ method: 'cheque', depositSlip: 'B-1', statementReference: undefined } as const),
  ...{ depositedOn: '2026-11-24', declaredMinor: 5_000 },
};

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const [own, sister] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const scope = app.scope(own);
  const deps = depsOf(app.get('fundraising'));
  const made = await makeRecipient(scope, { kind: 'local_party' });
  await makeRecipient(scope, { kind: 'candidate', election: 'Municipales', region: 'OH' });
  // The staff of the trial: an office alone opens nothing in another chapter.
  await app.house.database.db.raw(
    `insert into core.account (id, email, name, locale, created_at) overriding system value
     values (0, 'staff@example.org', 'Staff', 'en', now())`,
  );
  const held = { recipientId: made.id, accountId: '0', duty: 'treasurer' } as const;
  await scope.write((inner) => office.insertOffice(inner, held));
  const batchId = await scope.write((inner) => batch.insertBatch(inner, made.id, slip));
  const around = aroundOf({ source: 'page', batchId, pageId: '77' });
  const given = await record(scope, deps, made, offerOf(scope, { method: 'cheque' }), around);
  const alone = await record(scope, deps, made, offerOf(scope, { amountMinor: 700 }), aroundOf());
  const capScope = `recipient:${made.id}/2026`;
  await app.house.database
    .db('fundraising.donation')
    .where({ id: alone.id })
    .update({ cap_scope: capScope });
  await keepEvidence(scope, deps, writeScan(), { batchId });
  const [scan] = await batch.findEvidence(scope, { batchId });
  await seal(scope, made.id);
  const back = { reference: 'cheque 1', amountMinor: 10, account: 'bank' } as const;
  await giveBack(scope, deps, given.id, back);
  const excess = { recipientId: made.id, donationId: given.id, capScope: 'x', excessMinor: 10 };
  await scope.write((inner) => task.raiseExcess(inner, excess));
  const question = await askAbout(scope, deps, made, given);
  return { app, own, sister, made, batchId, given, around, question, scan: scan?.id ?? '' };
}

/** Somebody of the same name who gives as much as the law lets one donor give. */
async function askAbout(scope: Scope, deps: Deps, made: Recipient, given: Donation) {
  const identity = { ...offerOf(scope).identity, emailAddress: 'other@example.org' };
  const offer = offerOf(scope, { amountMinor: 750_000, identity });
  const { donorId = '' } = await record(scope, deps, made, offer, aroundOf());
  const { capScope = '', capMinor = 0 } = given;
  const others = new Map([[given.donorId ?? '', 'address' as const]]);
  const alike = { recipientId: made.id, donorId, capScope, capMinor, others };
  await scope.write((own) => likeness.raiseLikenesses(own, alike));
  const [task] = await likeness.findLikenesses(scope, made.id);
  return task?.id ?? '';
}

const ofRecipient = (table: string) =>
  `(select r.organization_id, x.* from fundraising.${table} x join fundraising.recipient r on r.id = x.recipient_id)`;

test('a sister chapter reads and changes nothing of the money', async (t) => {
  const s = await scene(t);
  const { made, batchId, given, scan } = s;
  const { id } = made;
  const page = { states: ['accepted'] as const, most: 9 };
  const faults = await sisterFaults(
    {
      ...s,
      folder: import.meta.dirname,
      files:
        /^(appeal|batch|donation|donor|election|ledger|likeness|office|recipient|subject|task)\.sql\.ts$/,
      tables: [
        'fundraising.recipient',
        ...['batch', 'donation', 'excess', 'likeness', 'office'].map(ofRecipient),
      ],
    },
    {
      reads: {
        findBatches: (scope) => batch.findBatches(scope, id, { most: 9 }),
        findBatch: (scope) => batch.findBatch(scope, batchId),
        lockBatch: (scope) => batch.findBatch(scope, batchId),
        findEvidence: (scope) => batch.findEvidence(scope, { batchId }),
        findEvidenceFile: (scope) => batch.findEvidenceFile(scope, id, scan),
        findDonation: (scope) => donation.findDonation(scope, given.id),
        findDonationByKey: (scope) => donation.findDonationByKey(scope, id, s.around.key),
        findDonations: (scope) => donation.findDonations(scope, id, page),
        sumGiven: (scope) =>
          donor.sumGiven(scope, {
            ...{ donorId: given.donorId ?? '', recipientId: id, year: given.givenOn.slice(0, 4) },
            ...{ cashSince: '2026-01-01', cashUntil: '2026-12-31' },
          }),
        sumBalances: (scope) => ledger.sumBalances(scope, id),
        findSealed: (scope) => ledger.findSealed(scope, id, 0, 9),
        findEntriesOf: (scope) => ledger.findEntriesOf(scope, given.id),
        findDuty: (scope) => office.findDuty(scope, id),
        findOffices: (scope) => office.findOffices(scope, id),
        findRecipients: (scope) => recipient.findRecipients(scope),
        findRecipient: (scope) => recipient.findRecipient(scope, id),
        findAskingRecipient: (scope) => recipient.findAskingRecipient(scope, id),
        findNames: (scope) => recipient.findNames(scope),
        hasRecipient: recipient.hasRecipient,
        findOpenEnds: (scope) => recipient.findOpenEnds(scope, id),
        findElections: (scope) => election.findElections(scope),
        hasGifts: (scope) => election.hasGifts(scope, id),
        findRegions: (scope) => election.findRegions(scope),
        findLikenesses: (scope) => likeness.findLikenesses(scope, id),
        findExcessTasks: (scope) => task.findExcessTasks(scope, id),
        sumForPage: (scope) => appeal.sumForPage(scope, '77'),
        findGiftOfKey: (scope) => appeal.findGiftOfKey(scope, s.around.key),
      },
      writes: {
        updateBatch: (scope) => batch.updateBatch(scope, batchId, { ...slip, depositSlip: 'X' }),
        closeBatch: (scope) => batch.closeBatch(scope, batchId),
        updateDonation: (scope) =>
          donation.updateDonation(scope, given.id, { state: 'accepted', why: 'x' }),
        endOffice: (scope) => office.endOffice(scope, id, '0'),
        moveToRegion: (scope) => election.moveToRegion(scope, id, 'OH'),
        updateRecipient: (scope) => recipient.updateRecipient(scope, id, { ...made, name: 'X' }),
        closeRecipient: (scope) =>
          recipient.closeRecipient(scope, id, { balances: {}, entries: 0, digest: '', author: '' }),
        noteWritten: (scope) => donation.noteWritten(scope, given.id, randomUUID()),
        tellApart: (scope) => likeness.tellApart(scope, s.question, 'X'),
        settleExcess: (scope) => task.settleExcess(scope, given.id),
      },
      unbounded: {
        ...named(
          'inserts',
          'findLooseBatch insertBatch insertEvidence insertDonation insertEntry insertOffice',
        ),
        ...named('inserts', 'insertRecipient raiseExcess'),
        // After the recipient, or the donation, was found within the bound.
        ...named('found', 'lockDonation lockLedger lockTreasurers lockRecipient'),
        ...named('chain', 'findUnsealed sealEntries findUnsealedRecipients findDifferences'),
        // A donor is the whole party's: a cap holds across its chapters, and only a sum is told.
        ...named('party', 'lockPersonDonor lockHashedDonor nameDonor findDonorOf'),
        ...named('party', 'moveDonations forgetPerson sumTaken findExcesses insertAliases'),
        ...named('party', 'findNamesakes findAliasOwner raiseLikenesses moveLikenesses'),
        ...named(
          'rights',
          'findLikenessesOf findGivenBy emptyDonations forgetRecruiter moveRecruiter nameDonorAnew',
        ),
        ...named('rights', 'findScansOf takeScan'),
        ...named('retention', 'deleteStalePromises deleteOutlived'),
        ...named('words', 'held heldBy within boundOf accountOf authorOf balancesOf addLength'),
      },
    },
  );
  t.deepEqual(faults, []);
});

function named(why: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, why]));
}
