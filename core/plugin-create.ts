// `rostra plugin create`: a new plugin, copied from the tutorial's, so that there is no template to grow stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { schemaOf } from './database/ledger.ts';
import { StartError } from './database/start-error.ts';
import { root } from './manifests.ts';

const template = join(root, 'plugins', 'example');
/** The template's id where it is one: not in `alex@example.org`. */
const templateId = /\bexample\b(?!\.(org|com|net)\b)/g;

/** Writes the plugin's files into `folder`, which must not be there yet; answers their paths. */
export async function createPlugin(id: string, folder: string): Promise<string[]> {
  if (!/^[a-z][a-z0-9-]{1,40}$/.test(id)) {
    throw new StartError(
      `"${id}" cannot be the id of a plugin: write small letters, digits and hyphens.`,
    );
  }
  const schema = schemaOf(id);
  if (existsSync(folder)) throw new StartError(`${folder} is there already: choose another.`);
  const copies = filesBelow(template).map((file) => ({
    path: join(folder, renamed(relative(template, file), id)),
    text: named(readFileSync(file, 'utf8'), basename(file), { id, schema }),
  }));
  const isBundled = dirname(folder) === dirname(template);
  const own = isBundled ? [] : surroundings(id, folder);
  for (const { path, text } of [...copies, ...own]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return [...copies, ...own].map(({ path }) => path);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function renamed(path: string, id: string): string {
  return path.replace(templateId, id);
}

interface Names {
  id: string;
  /** The id as PostgreSQL takes it. */
  schema: string;
}

/** Tables are named by the schema; everything else by the id. */
function named(text: string, file: string, { id, schema }: Names): string {
  if (file === 'plugin.json') return manifestOf(text, { id, schema });
  const isSql = /\.sql\.ts$|^\d{4}_/.test(file);
  return text.replace(templateId, isSql ? schema : id);
}

function manifestOf(text: string, { id, schema }: Names): string {
  const lines = text.split('\n').map((line) => {
    return line.replace(templateId, /"tables":/.test(line) ? schema : id);
  });
  return lines.join('\n');
}

/** What a folder outside of the checkout needs for Node, TypeScript and tests to read it as the bundled ones. */
function surroundings(id: string, folder: string): { path: string; text: string }[] {
  const here = relative(folder, root);
  const typescript = `${here}/core/typescript.mjs`;
  const manifest = {
    name: `rostra-plugin-${id}`,
    version: '1.0.0',
    private: true,
    type: 'module',
    scripts: {
      test: `node --import ${typescript} ${here}/core/testing/run.ts`,
      check: `${here}/node_modules/.bin/tsc --noEmit`,
    },
    ava: {
      extensions: { ts: 'module' },
      nodeArguments: [`--import=${typescript}`, `--import=${here}/core/register.mjs`],
      workerThreads: false,
      timeout: '2m',
    },
  };
  const compiler = {
    extends: `${here}/tsconfig.json`,
    compilerOptions: {
      paths: {
        'rostra/plugin': [`${here}/core/plugin.ts`],
        'rostra/testing': [`${here}/core/testing/index.ts`],
        'rostra/*': [`${here}/plugins/*/index.ts`],
        ava: [`${here}/node_modules/ava/entrypoints/main.d.mts`],
      },
      typeRoots: [`${here}/node_modules/@types`],
    },
    include: ['.'],
  };
  return [
    { path: join(folder, 'package.json'), text: json(manifest) },
    { path: join(folder, 'tsconfig.json'), text: json(compiler) },
  ];
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
