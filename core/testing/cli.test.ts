// The `rostra` command: beside a running server, on its own, and from another folder.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { makeDataFolder, query, runProgram, startProgram, withoutHands } from './program.ts';
import { root } from './sources.ts';

const patience = 10 * 60_000;

/** What the command printed; it must have ended well and in silence beside that. */
function command(t: ExecutionContext, data: string) {
  const run = (...words: string[]) =>
    runProgram(t, ['--import', './core/typescript.mjs', 'core/cli.ts', ...words], { data });
  const ask = async (...words: string[]): Promise<string> => {
    const { code, out, err } = await run(...words);
    t.is(`${code} ${err}`, '0 ', words.join(' '));
    return out;
  };
  return { run, ask };
}

test.serial('help and the law need no party, and leave nothing behind', async (t) => {
  t.timeout(patience);
  const data = makeDataFolder(t);
  const { ask, run } = command(t, data);
  const help = await ask('--help');
  for (const word of 'start worker migrate setup account plugin theme law doctor'.split(' ')) {
    t.regex(help, new RegExp(`^  ${word}\\b`, 'm'));
  }
  const law = await ask('law', 'explain', 'fr', 'enrich.social');
  t.regex(law, /^enrich\.social: den/);
  t.regex(law, /CNIL.*8 novembre 2016/);
  t.regex(await ask('law', 'list', 'fr'), /^newsletter\.send /m);
  t.regex(await ask('law', 'explain', 'fr', 'messaging.quiet'), /sms: mon 09:00-20:00; .*sun none/);
  t.regex(await ask('law', 'coverage', 'us'), /^requests\.answer +unwritten/m);
  const laws = (await ask('law', 'list')).trim().split('\n').toSorted().join(' ');
  t.is(laws, 'au be br ca ca-qc ch de es fr gb in it us');
  t.regex(await ask('plugin', 'check', 'plugins/people'), /is sound/);

  const unknown = await run('law', 'explain', 'fr', 'read.minds');
  t.is(unknown.code, 1);
  t.is(unknown.err, '"read.minds" is not in the vocabulary: see `rostra law list`.\n');
  t.is((await run('exprot', 'x.csv')).code, 1);
  t.false(existsSync(data), 'no database was made');
});

test.serial(
  'a new setup link is made beside a running server, and the command works from any folder',
  async (t) => {
    t.timeout(patience);
    const data = makeDataFolder(t);
    const home = dirname(data);
    const bin = (...words: string[]) =>
      runProgram(t, [join(root, 'core', 'bin.mjs'), ...words], { data: '', cwd: home });
    const migrated = await bin('migrate');
    t.is(migrated.out, 'The database is up to date.\n', migrated.err);
    t.true(
      existsSync(join(data, 'postgres')),
      '`./data` is a folder below the one it was called in',
    );

    const server = await startProgram(t, data);
    const first = /http\S+/.exec(server.lines()[1] ?? '')?.[0] ?? '';
    const { out, err } = await bin('setup');
    t.is(err, '');
    const path = new URL(out.trim()).pathname;
    t.is((await fetch(server.url + path)).status, 200);
    t.is((await fetch(first)).status, 403, 'the newer link ends the older');
  },
);

test.serial(
  'the operator helps staff, reads the state of things, and is told of an altered audit',
  async (t) => {
    t.timeout(patience);
    const data = makeDataFolder(t);
    const server = await startProgram(t, data, withoutHands);
    const { ask, run } = command(t, data);
    const invitation = await ask('account', 'create', 'ada@example.org', '--role', 'organiser');
    const path = new URL(invitation.trim()).pathname;
    t.is((await fetch(server.url + path)).status, 200);
    t.regex(await ask('account', 'list'), /^ada@example\.org +ada +organiser$/m);
    t.regex(await ask('account', 'password', 'ada@example.org'), /^http\S+\/account\/link\/\S+\n$/);
    t.regex(await ask('account', 'reset-second-factor', 'ada@example.org'), /^ada@example\.org/);
    t.is((await run('account', 'password', 'nobody@example.org')).code, 1);

    const plugins = await ask('plugin', 'list');
    t.regex(plugins, /^people +\S+ +loaded +on$/m);
    t.regex(plugins, /^social-match +\S+ +absent +off \(law\)$/m);
    t.regex(await ask('theme', 'list'), /^plain /m);
    t.regex((await run('setup')).err, /^Parti Pirouette is set up already\.$/m);

    await sealed(data);
    t.regex(await ask('doctor'), /^ok {2}audit trail, [1-9]/m);
    await query(
      data,
      `alter table core.audit disable trigger guard;
     update core.audit set act = 'b' || substr(act, 2) where id = (select min(id) from core.audit)`,
    );
    const ill = await run('doctor');
    t.is(ill.code, 1);
    t.regex(ill.out, /^BAD audit trail/m);
  },
);

/** The server seals what is new within seconds. */
async function sealed(data: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 500) {
    const [row] = await query(data, 'select count(*)::int as n from core.audit where hash is null');
    if (row?.n === 0) return;
    await wait(500);
  }
  throw new Error('the audit trail is not sealed');
}

test.serial('what plugins contribute is there too: people go in and come out', async (t) => {
  t.timeout(patience);
  const data = makeDataFolder(t);
  await startProgram(t, data, withoutHands);
  const { ask } = command(t, data);
  const [list, out] = [join(dirname(data), 'list.csv'), join(dirname(data), 'out.csv')];
  mkdirSync(dirname(data), { recursive: true });
  writeFileSync(
    list,
    'email,first name,last name\nines@example.org,Inès,Durand\nbob@example.org,Bob,\n',
  );
  t.regex(await ask('--help'), /^ {2}import \[options\] <file>/m);
  await runProgram(
    t,
    [
      '--import',
      './core/typescript.mjs',
      'core/cli.ts',
      'import',
      list,
      '--origin',
      'Fichier 2025',
    ],
    { data },
  );
  await ask('export', out);
  const exported = readFileSync(out, 'utf8');
  t.regex(exported, /ines@example\.org/);
  t.regex(exported, /Inès/);
  t.is(exported.trim().split('\n').length, 3);
});
