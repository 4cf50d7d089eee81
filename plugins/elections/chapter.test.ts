// Each query of the calendar from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { makeApp, sisterFaults } from 'rostra/testing';
import * as election from './election.sql.ts';

const values = {
  ...{ name: 'Vote', constituency: 'Ohio', country: 'US', place: '' },
  ...{ kind: 'other' as const, timeZone: 'America/New_York' },
};
const rounds = [{ day: '2026-12-06', closes: '19:30', place: '', timeZone: '' }];

test('a sister chapter reads and changes no election', async (t) => {
  const app = await makeApp(t);
  const [own, sister] = [await app.chapter('Ohio'), await app.chapter('Iowa')];
  const scope = app.scope(own);
  const id = await election.insertElection(scope, values);
  await election.replaceRounds(scope, id, rounds);
  const ofOwn = `(select r.*, e.organization_id from elections.round r
    join elections.election e on e.id = r.election_id)`;
  const faults = await sisterFaults(
    { app, own, sister, folder: import.meta.dirname, tables: ['elections.election', ofOwn] },
    {
      reads: {
        findElections: (scope) => election.findElections(scope, '2026-01-01'),
        findElection: (scope) => election.findElection(scope, id),
        findConcerned: (scope) => election.findConcerned(scope, id),
      },
      writes: {
        updateElection: (scope) =>
          election.updateElection(scope, id, { ...values, name: 'Eve’s vote' }),
        replaceRounds: (scope) => election.replaceRounds(scope, id, []),
        deleteElection: (scope) => election.deleteElection(scope, id),
      },
      unbounded: { insertElection: 'inserts' },
    },
  );
  t.deepEqual(faults, []);
});
