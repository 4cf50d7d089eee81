// `rostra demo` as the operator runs it, on a data folder where nothing is yet.
import test from 'ava';
import { makeDataFolder, query, runProgram } from '../testing/program.ts';

test('without a party the command makes one, says who can log in, and takes back what it invented', async (t) => {
  t.timeout(10 * 60_000);
  const data = makeDataFolder(t);
  const rostra = (...words: string[]) =>
    runProgram(t, ['--import', './core/typescript.mjs', 'core/cli.ts', 'demo', ...words], { data });
  t.regex((await rostra('--country', 'de')).err, /--country must be one of fr, us/);
  const filled = await rostra('--country', 'us', '--people', '60');
  t.is(filled.code, 0, filled.err);
  for (const role of ['administrator', 'treasurer', 'web-editor', 'chapter-volunteer'])
    t.regex(filled.out, new RegExp(`${role} +\\S+@example\\.org +\\S{16}`));
  t.regex((await rostra()).err, /A demo is here already/);
  const removed = await rostra('--remove');
  t.regex(removed.out, /The invented party is gone/);
  t.deepEqual(await query(data, 'select count(*)::int as left from people.person'), [{ left: 0 }]);
  t.deepEqual(await query(data, 'select email from core.account'), [
    { email: 'rostra@example.org' },
  ]);
});
