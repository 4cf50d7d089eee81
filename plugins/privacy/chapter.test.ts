// Each query of privacy from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { People } from 'rostra/people';
import { makeApp, sisterFaults } from 'rostra/testing';
import * as request from './request.sql.ts';

test('a sister chapter reads and changes no request', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const [own, sister] = [await app.chapter('Own'), await app.chapter('Sister')];
  const scope = app.scope(own);
  const fields = { emailAddress: 'ana@example.org', givenName: 'Ana', source: 'test' };
  const { id: personId } = await app.get('privacy')(People).upsert(scope, fields);
  const at = new Date('2026-12-24T22:59:59Z');
  const made = {
    personId,
    kind: 'erasure',
    origin: 'self',
    words: 'x',
    neverAgain: false,
    addressHashes: [],
  } as const;
  const more = {
    reference: 'ABCD-EFGH-JKMN',
    askedAt: scope.now(),
    dueAt: at,
    nextAt: scope.now(),
  };
  const id = await request.insertRequest(scope, { ...made, ...more });
  await request.insertStep(scope, id, { kind: 'asked' });
  const all = { show: 'all', kind: '', q: '', skip: 0 } as const;
  const faults = await sisterFaults(
    {
      ...{ app, own, sister, folder: import.meta.dirname, files: /^request/ },
      tables: ['privacy.request', 'privacy.step', 'privacy.link'],
    },
    {
      reads: {
        findRequest: (scope) => request.findRequest(scope, id),
        findOpen: (scope) => request.findOpen(scope, personId, 'erasure'),
        findSteps: (scope) => request.findSteps(scope, id),
        findRequestsOf: (scope) => request.findRequestsOf(scope, personId),
        findRequests: (scope) => request.findRequests(scope, all, 9),
        countRequests: request.countRequests,
        findAnswers: request.findAnswers,
        findDue: (scope) => request.findDue(scope, 9),
      },
      writes: {
        raiseNeverAgain: (scope) => request.raiseNeverAgain(scope, id),
        extend: (scope) => request.extend(scope, id, new Date('2027-01-01')),
        schedule: (scope) => request.schedule(scope, id, new Date('2027-01-01')),
        answer: (scope) => request.answer(scope, id, { state: 'done', outcome: 'given' }),
      },
      unbounded: {
        insertRequest: 'inserts',
        insertStep: 'of a request that was found within the bound before',
        findEnd: 'reckons',
        findStart: 'reckons',
        findByReference: 'whoever shows the reference may know how it stands, and nothing personal',
      },
    },
  );
  t.deepEqual(faults, []);
});

test('the other queries are of one person, whose rights do not end at a chapter', async (t) => {
  const { queriesOf } = await import('rostra/testing');
  t.deepEqual(queriesOf(import.meta.dirname, /^(?!request|breach)/).sort(), [
    // Whoever shows the link is its owner; what the law keeps is the party's alone, tried in kept.test.ts.
    ...['deleteInvented', 'deleteKeptBefore', 'deleteLink', 'deleteOutdated', 'emptySubject'],
    ...['findKept', 'findLinkOwner', 'findSealed', 'findSealedAbout'],
    ...['insertKept', 'insertLink', 'moveSubject', 'readSubject'],
  ]);
});
