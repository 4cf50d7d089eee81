// Sentences: complete in both languages, asked for by keys that exist, and French as it is written.
import test from 'ava';
import { IntlMessageFormat } from 'intl-messageformat';
import { filesOf, read } from './tree.ts';

interface Folder {
  /** E.g. `plugins/people/locales`. */
  path: string;
  /** What its keys begin with; `undefined` for the core's own folder, which has several. */
  owner: string | undefined;
  en: Record<string, string>;
  fr: Record<string, string>;
}

// The locales of an example below a plugin are its own affair: it is loaded as an outside plugin.
const folders: Folder[] = filesOf(/^(core|plugins|themes)\/([a-z-]+\/)?locales\/en\.json$/).map(
  (file) => {
    const path = file.replace(/\/en\.json$/, '');
    const owner = /^(?:core|plugins|themes)\/([^/]+)\/locales$/.exec(path)?.[1];
    return { path, owner, en: sentences(`${path}/en.json`), fr: sentences(`${path}/fr.json`) };
  },
);
const keys = new Set(folders.flatMap((folder) => Object.keys(folder.en)));
const prefixes = new Set([...keys].map((key) => key.split('.')[0]));
const sources = filesOf(/^(core|plugins|themes)\/.*\.(ts|eta)$/).filter(
  (file) => !/\.test\.ts$|^core\/testing\/|fixture\.ts$/.test(file),
);

function sentences(file: string): Record<string, string> {
  try {
    return JSON.parse(read(file));
  } catch (cause) {
    throw new Error(`${file} is missing or no JSON`, { cause });
  }
}

test('English and French have the same keys', (t) => {
  for (const { path, en, fr } of folders) {
    t.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort(), path);
  }
});

test('each key begins with the name of its area, plugin or theme', (t) => {
  for (const { path, owner, en } of folders) {
    const strangers = Object.keys(en).filter((key) => owner && !key.startsWith(`${owner}.`));
    t.deepEqual(strangers, [], path);
  }
  const owners = folders.map((folder) => folder.owner);
  const core = folders.find((folder) => folder.owner === undefined);
  const taken = Object.keys(core?.en ?? {}).filter((key) => owners.includes(key.split('.')[0]));
  t.deepEqual(taken, []);
});

test('no key stands in two folders', (t) => {
  const all = folders.flatMap((folder) => Object.keys(folder.en));
  t.deepEqual(
    all.filter((key, at) => all.indexOf(key) !== at),
    [],
  );
});

test('each sentence can be formed, and takes the same arguments in both languages', (t) => {
  for (const { path, en, fr } of folders) {
    for (const [key, text] of Object.entries(en)) {
      const place = `${path} ${key}`;
      t.deepEqual(argumentsOf(fr[key] ?? '', place), argumentsOf(text, place), place);
    }
  }
});

test('what code and views ask for is there', (t) => {
  const missing = sources.flatMap((file) => {
    const text = read(file);
    const asked = askedIn(text).filter((key) => !keys.has(key));
    const begun = begunIn(text).filter((start) => ![...keys].some((key) => key.startsWith(start)));
    return [...asked, ...begun].map((key) => `${file}: ${key}`);
  });
  t.deepEqual(missing, []);
});

test('what plugins say of their data is there', (t) => {
  const missing = filesOf(/^plugins\/[^/]+\/plugin\.json$/).flatMap((file) => {
    const practices: { purpose: string }[] = JSON.parse(read(file)).dataPractices ?? [];
    return practices.flatMap(({ purpose }) => (keys.has(purpose) ? [] : [`${file}: ${purpose}`]));
  });
  t.deepEqual(missing, []);
});

const faults: [RegExp, string][] = [
  [/ [:;!?»]/, 'a space that breaks before : ; ! ? or »'],
  [/« /, 'a space that breaks after «'],
  [/«[^\u00a0\u202f]|[^\u00a0\u202f]»/, 'no space inside « »'],
  [/\p{L}[!?;](?=[\s}<]|$)/u, 'no space before ! ? or ;'],
  [/\p{L}'[\p{L}{<]/u, 'a straight apostrophe, which ICU takes for a quotation mark'],
  [/"|“|”/, 'quotation marks that are not « »'],
  [/\.\.\./, 'three dots for …'],
];

test('French is written as French is', (t) => {
  const found = folders.flatMap(({ path, fr }) =>
    Object.entries(fr).flatMap(([key, text]) =>
      faults
        .filter(([pattern]) => pattern.test(withoutAddresses(text)))
        .map(([, what]) => `${path} ${key}: ${what}`),
    ),
  );
  t.deepEqual(found, []);
});

/** Literal keys: `t('…')`, `rich('…')`, `label: '…'` and its like, `done(href, '…')`. */
function askedIn(text: string): string[] {
  const key = `['"\`]([a-z][a-z0-9-]*(?:\\.[A-Za-z0-9_-]+)+)['"\`]`;
  const called = [...text.matchAll(new RegExp(`\\b(?:t|rich)\\(\\s*${key}`, 'g'))];
  const named = [...text.matchAll(new RegExp(`\\b(?:label|summary|message):\\s*${key}`, 'g'))];
  const done = [...text.matchAll(new RegExp(`\\.done\\([^,()]+(?:\\([^()]*\\))?,\\s*${key}`, 'g'))];
  const sure = [...called, ...done].map((match) => match[1] ?? '');
  const likely = named.map((match) => match[1] ?? '');
  return [...sure, ...likely.filter((each) => prefixes.has(each.split('.')[0]))];
}

/** Keys made on the way, as far as they stand there: `t(\`people.relation.${…}\`)`. */
function begunIn(text: string): string[] {
  const made = text.matchAll(/\b(?:t|rich)\(\s*`([a-z][a-z0-9-]*\.[A-Za-z0-9_.-]*)\$\{/g);
  return [...made].map((match) => match[1] ?? '');
}

function withoutAddresses(text: string): string {
  return text.replace(/https?:\/\/\S+/g, '');
}

function argumentsOf(text: string, place: string): string[] {
  const names = new Set<string>();
  try {
    walk(new IntlMessageFormat(text, 'en').getAst(), names);
  } catch (cause) {
    throw new Error(`${place} is no ICU message`, { cause });
  }
  return [...names].sort();
}

type Ast = ReturnType<IntlMessageFormat['getAst']>;

/** ICU types: 0 text, 7 `#`, 8 a tag; all else is an argument. */
function walk(ast: Ast, names: Set<string>): void {
  for (const part of ast) {
    if (part.type !== 0 && part.type !== 7)
      names.add(part.type === 8 ? `<${part.value}>` : part.value);
    if ('options' in part) for (const { value } of Object.values(part.options)) walk(value, names);
    if ('children' in part) walk(part.children, names);
  }
}

test('each refusal has its sentence, under its code', (t) => {
  const codes = sources.flatMap((file) =>
    [...read(file).matchAll(/refused\(\s*'([a-z-]+\.[a-z-]+)'/g)].map((match) => match[1] ?? ''),
  );
  t.true(codes.length > 10);
  // The law's own pages say more than a sentence.
  const said = codes.filter((code) => !code.startsWith('law.'));
  t.deepEqual(
    [...new Set(said)].filter((code) => !keys.has(code)),
    [],
  );
});
