// Each query of the core from a sister chapter; and that each plugin tries its own.
import { join } from 'node:path';
import test from 'ava';
import * as account from '../accounts/account.sql.ts';
import * as token from '../accounts/token.sql.ts';
import * as audit from '../audit/audit.sql.ts';
import { makeAudit } from '../audit/audit.ts';
import * as jobs from '../jobs/jobs.sql.ts';
import * as look from '../look/look.sql.ts';
import * as outbox from '../mail/outbox.sql.ts';
import { root } from '../manifests.ts';
import * as upload from '../store/upload.sql.ts';
import { makeApp } from './app.ts';
import { queriesOf, sisterFaults } from './sister.ts';
import { bundledManifests, filesOf, read } from './tree.ts';

/** Reads by exact names, digests and ids that were checked before, rows that are nobody's, what every process keeps. */
const unbounded: Record<string, string[]> = {
  // Whoever shows the key is its owner, or the caller's right to the account was asked for before.
  account: `findAccountByEmail findAccount insertAccount insertRole deleteRole lockAdministrators
    updateAccount updatePendingTotp confirmTotpSecret spendTotpStep deleteTotp replaceRecoveryCodes
    spendRecoveryCode countRecoveryCodes`.split(/\s+/),
  session: `findSessionByHash touchSession insertSession renewSession findSessionsOf deleteSession
    deleteSessionByHash deleteSessionsOf deleteEndedSessions deleteSessions`.split(/\s+/),
  token: 'insertToken findTokenByHash touchToken revokeTokens deleteEndedTokens'.split(' '),
  link: 'insertLink findLinkByHash spendLink deleteOpenLinks deleteEndedLinks closeLinks'.split(
    ' ',
  ),
  chain: `insertAudit lockSealing findLastSealed findUnsealed writeSeals findSealed`.split(/\s+/),
  rights: 'findAuditOf deleteAuditDetails moveAuditDetails'.split(' '),
  rightsToMail:
    'findMailsOf deleteMailsOf deleteWaiting assignMails moveMails deleteSettledBefore'.split(' '),
  delivery:
    `insertMail findOrganizationsToServe claimMails refuseClaimed markHanded settleMail giveBackMails
    findMailHolders settleLost`.split(/\s+/),
  // The law is the whole party's: who may sign a draft is asked before.
  signatures: 'findSignatures insertSignature withdrawSignatureOf'.split(' '),
  // A domain is the install's; who may see and change what is asked before.
  sending: `findDomain insertDomain saveReport setWarm findDays claimBulk giveBackDay takeDay
    countWaitingBulk`.split(/\s+/),
  filter: ['statesOf'],
  queue: 'addJob addJobs findWaitingTasks findHolders unlockHolders releaseDue findDead'.split(' '),
  limits: 'takeRate giveBackRate deleteFreeRates'.split(' '),
  versions: 'findVersions findVersion bumpVersion withSavepoint'.split(' '),
  // Kept whole in each process; what a scope gets of it is cut there.
  memory: `findOrganizations findHosts findSwitches findSettings findAllSettings writeSetting
    insertOrganization updateOrganizationRow replaceHosts upsertSwitch findLooks`.split(/\s+/),
  operator: 'lockTables readRows deleteSettingsOf findColumns findConstraints'.split(' '),
  inserts: 'insertUpload insertPublished'.split(' '),
  blobs: 'holdBlob isBlobWanted mayDropBytes'.split(' '),
};
/** Areas of the operator's alone, who is at the machine: a backup holds everything, a demo is a whole party. */
const notTheOperators = /^(?!backup|demo)/;

test('a sister chapter reads and changes nothing that the core keeps for one', async (t) => {
  const app = await makeApp(t);
  const [own, sister] = [await app.chapter('Ohio'), await app.chapter('Iowa')];
  const scope = app.scope(own);
  await app.staff('organiser', own);
  const message = { to: 'anna@example.org', view: 'mail/test', data: {} };
  const mail = await app.house.mail('core').send(scope, message);
  await makeAudit()('core').record(scope, { act: 'thing.made' });
  const { db } = app.house.database;
  await jobs.addJob(db, 'core.deliver-mail', { organizationId: own });
  await db.raw('update graphile_worker._private_jobs set attempts = 1');
  await db.raw(`update core.outbox set state = 'refused'`);
  const ofOwn = (await jobs.findJobs(db, { bound: [own], now: scope.now(), limit: 9 }))[0];
  const job = ofOwn?.id ?? '';
  await look.writeDraft(scope, {}, { name: 'Sam' }, 0);
  await look.insertPublished(scope, {}, { name: 'Sam' });
  const file = { sha256: 'a'.repeat(64), extension: 'png', kind: 'image', name: 'x' } as const;
  const { id: file1 } = await upload.insertUpload(scope, {
    ...{ ...file, plugin: 'core', mediaType: 'image/png', bytes: 1, width: 1, height: 1 },
    ...{ isVariable: null, author: 'Sam' },
  });
  const who = await account.findAccountByEmail(db, 'ada@example.org');
  const tokens = { hash: Buffer.from('x'), accountId: who?.id ?? '', expiresAt: scope.now() };
  const token1 = await token.insertToken(scope, {
    ...{ ...tokens, name: 'x', permissions: ['people.person.read'] },
  });
  await account.insertRole(db, {
    ...{ accountId: tokens.accountId, organizationId: own, role: 'organiser', now: scope.now() },
  });
  const faults = await sisterFaults(
    {
      ...{ app, own, sister, folder: join(root, 'core'), files: notTheOperators },
      tables: [
        ...['core.outbox', 'core.look', 'core.upload', 'core.token'],
        `(select *, cast(payload->>'organizationId' as bigint) as organization_id
          from graphile_worker._private_jobs)`,
      ],
    },
    {
      reads: {
        findAudit: ({ db, bound }) => audit.findAudit(db, { bound, limit: 9 }),
        findOutbox: (scope) => outbox.findOutbox(scope, { limit: 9 }),
        findOutboxMail: (scope) => outbox.findOutboxMail(scope, mail),
        findTokens: token.findTokens,
        findStaff: (scope) => account.findStaff(scope),
        // The queue is the library's: read from the pool, by its bound alone.
        findJobs: ({ bound }) => jobs.findJobs(db, { bound, now: scope.now(), limit: 9 }),
        findDraft: look.findDraft,
        findPublished: look.findPublished,
        findUpload: (scope) => upload.findUpload(scope, 'core', file1),
        findUploads: (scope) => upload.findUploads(scope, 'core', 9),
      },
      writes: {
        revokeTokenOf: (scope) => token.revokeTokenOf(scope, token1),
        releaseMail: (scope) => outbox.releaseMail(scope, mail),
        deleteMail: (scope) => outbox.deleteMail(scope, mail),
        retryJob: ({ db, bound }) => jobs.retryJob(db, job, bound),
        deleteJob: ({ db, bound }) => jobs.deleteJob(db, job, bound),
        writeDraft: (scope) => look.writeDraft(scope, {}, { name: 'Eve' }, 1),
        deleteDraft: look.deleteDraft,
        trimPublished: (scope) => look.trimPublished(scope, 0),
        deleteUpload: (scope) => upload.deleteUpload(scope, 'core', file1),
      },
      unbounded: Object.fromEntries(
        Object.entries(unbounded).flatMap(([why, names]) => names.map((name) => [name, why])),
      ),
    },
  );
  t.deepEqual(faults, []);
});

test('every plugin that has queries tries them from a sister chapter', (t) => {
  const tries = /sisterFaults\(|queriesOf\(import\.meta\.dirname/;
  for (const { id } of bundledManifests()) {
    if (queriesOf(join(root, 'plugins', id)).length === 0) continue;
    const tests = filesOf(new RegExp(`^plugins/${id}/[^/]+\\.test\\.ts$`));
    t.true(
      tests.some((file) => tries.test(read(file))),
      `plugins/${id} has a chapter.test.ts`,
    );
  }
});
