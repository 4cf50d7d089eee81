// Each query of social matching from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { Consents, People } from 'rostra/people';
import { makeApp, sisterFaults } from 'rostra/testing';
import * as candidate from './candidate.sql.ts';
import { agreement } from './ground.ts';
import * as search from './search.sql.ts';
import * as subject from './subject.sql.ts';

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t);
  const [own, sister] = [await app.chapter('Ohio'), await app.chapter('Iowa')];
  const scope = app.scope(own);
  const get = app.get('social-match');
  const fields = { emailAddress: 'alex@example.org', source: 'test' };
  const { id: personId } = await get(People).upsert(scope, fields);
  const consentId = await get(Consents).give(scope, {
    ...{
      ...agreement,
      personId,
      wording: 'Yes',
      locale: 'en',
      source: 'test',
      evidence: { form: '1' },
    },
  });
  const decision = scope.law.decide({ capability: 'enrich.social', person: {}, met: [] });
  const found = { source: 'x', handle: 'a@b.example', name: 'Alex', biography: '' };
  const profile = { ...found, address: 'https://b.example/@a' };
  await candidate.insertCandidate(scope, personId, profile, { decision, consentId });
  await search.upsertSearch(scope, personId, found.handle);
  const [waiting] = await candidate.findWaiting(scope, 1);
  return { app, own, sister, personId, handle: found.handle, id: waiting?.id ?? '' };
}

test('a sister chapter reads and changes nothing of what was found', async (t) => {
  const s = await scene(t);
  const { id, personId, handle } = s;
  const tables = ['social_match.candidate', 'social_match.search'];
  const faults = await sisterFaults(
    { ...s, folder: import.meta.dirname, tables },
    {
      reads: {
        findCandidate: (scope) => candidate.findCandidate(scope, id),
        findWaiting: (scope) => candidate.findWaiting(scope, 9),
        findCandidatesOf: (scope) => candidate.findCandidatesOf(scope, personId),
        findSearch: (scope) => search.findSearch(scope, personId),
      },
      writes: {
        confirmCandidate: (scope) => candidate.confirmCandidate(scope, id, 'Eve'),
        rejectCandidate: (scope) => candidate.rejectCandidate(scope, id, 'Eve'),
        upsertSearch: (scope) => search.upsertSearch(scope, personId, 'eve@b.example'),
        endSearch: (scope) => search.endSearch(scope, { personId, handle }, 'nothing'),
        deleteOursOf: (scope) => subject.deleteOursOf(scope, personId),
      },
      unbounded: {
        insertCandidate: 'inserts',
        findSearchesOf: 'rights',
        findAllCandidatesOf: 'rights',
        deleteAllOf: 'rights',
        moveAll: 'rights',
        deleteWaitingBefore: 'retention',
        findPeopleKept: 'retention',
      },
    },
  );
  t.deepEqual(faults, []);
});
