// The shipped export comes in with the counts of who wrote it: the file in docs/moving-in.md is this one.
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { depsOf } from '../deps.ts';
import { findImport } from '../import.sql.ts';
import { checkImport, planImport, runImport, startImport } from '../import.ts';
import { guessFields } from '../import-fields.ts';
import { stageFile } from '../stage.ts';
import { nationBuilderSample, type SampleTruth } from './nationbuilder.ts';

const path = new URL('nationbuilder-people-export.csv', import.meta.url);

test('the shipped file is what its generator writes', (t) => {
  const { csv } = nationBuilderSample();
  if (process.env.ROSTRA_WRITE_SAMPLE) writeFileSync(path, csv);
  t.true(csv.equals(readFileSync(path)));
});

const sentences: Record<string, string> = {
  ...{ email: 'people.fault.email', phone: 'people.fault.phone', nobody: 'people.fault.nobody' },
  ...{ birthDate: 'people.fault.birth-date', country: 'people.fault.country' },
  ...{ cells: 'people.import.fault.cells', otherName: 'people.import.fault.other-name' },
};

/** The truth in the importer's words. */
function countsOf(truth: SampleTruth) {
  const refused = Object.fromEntries(
    Object.entries(truth.refused).map(([fault, count]) => [sentences[fault] ?? fault, count]),
  );
  const { rows, twins, unsubscribed, doNotContact, doNotCall, dead, optIns } = truth;
  return {
    ...{ rows, twins, unsubscribed, doNotContact, doNotCall, dead, optIns, refused },
    created: truth.people,
    refusedRows: Object.values(refused).reduce((sum, count) => sum + count, 0),
    stopped: truth.stopped.length,
  };
}

test('a dry run finds what is in the file, and the run does it', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const deps = depsOf(app.get('people'));
  const { truth } = nationBuilderSample();
  const expected = countsOf(truth);
  const look = async () => {
    const id = await stageFile(app.scope(), { path: path.pathname, name: 'export.csv' });
    const fields = guessFields((await findImport(app.scope(), id))?.columns ?? []);
    await planImport(
      app.scope(),
      deps,
      id,
      { fields, origin: 'NationBuilder' },
      { isQueued: false },
    );
    return { id, counts: await checkImport(app.scope(), id) };
  };
  const { id, counts } = await look();
  t.like(counts, { ...expected, changed: 0, unchanged: 0, stoppedBefore: 0 });
  // Who watched the dry run is led on by script; to be shown the counts the page is loaded anew.
  const watching = await (await app.staff()).get(`/admin/people/import/${id}`, {
    'HX-Request': 'true',
  });
  t.deepEqual([watching.status, watching.headers.get('hx-refresh')], [204, 'true']);
  await startImport(app.scope(), deps, id);
  await runImport(app.scope(), deps, id);
  t.like(await findImport(app.scope(), id), {
    ...{ state: 'done', createdPeople: truth.people, updatedPeople: 0 },
    refusedRows: expected.refusedRows,
  });
  const { db } = app.house.database;
  for (const { kind, address } of truth.stopped) {
    const { rows } = await db.raw('select people.is_suppressed(:kind, :address) as is', {
      kind,
      address,
    });
    t.true(rows[0].is, address);
  }
  const { rows } = await db.raw('select count(*)::int as count from people.consent');
  t.is(rows[0].count, 0);

  const again = await look();
  t.like(again.counts, {
    ...{ created: 0, changed: 0, unchanged: truth.people, twins: truth.twins },
    stoppedBefore: truth.stopped.length,
  });
});
