// `npm test`: one PostgreSQL, one migrated template, then AVA with the arguments given.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../database/connect.ts';
import { startEmbedded } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';
import { makeLog } from '../log.ts';
import { bundledSources, root } from './sources.ts';

interface Server {
  /** A database of the server from which others are created. */
  url: string;
  stop(): Promise<void>;
}

const log = makeLog('warn');
let interrupted = false;

async function run(args: string[]): Promise<number> {
  const server = await startServer();
  try {
    const template = `rostra_template_${process.pid}`;
    const isWhole = await createTemplate(server.url, template);
    const code = interrupted ? 1 : await runAva(args, server.url, template);
    await administer(server.url, `drop database ${template}`);
    return isWhole ? code : 1;
  } finally {
    await server.stop();
  }
}

/** Another server, of another version say, may be named in the environment. */
async function startServer(): Promise<Server> {
  const url = process.env['ROSTRA_TEST_SERVER'];
  if (url) return { url, stop: async () => {} };
  const data = mkdtempSync(join(tmpdir(), 'rostra-test-'));
  // Started by root, PostgreSQL runs as another user, who must get in.
  chmodSync(data, 0o711);
  const remove = () => rmSync(data, { recursive: true, force: true });
  try {
    const embedded = await startEmbedded({ data, log, owner: true, fast: true });
    return { url: embedded.url, stop: () => embedded.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Whether every plugin's migrations ran; those whose did not are named, and their tests will fail. */
async function createTemplate(serverUrl: string, name: string): Promise<boolean> {
  await administer(serverUrl, `create database ${name} template template0 encoding 'UTF8'`);
  const url = serverUrl.replace(/\/[^/?]*(\?.*)?$/, `/${name}$1`);
  const database = openDatabase({ url, log });
  try {
    const { failed } = await migrate({ database, sources: bundledSources(), log });
    for (const { plugin, error } of failed) console.error(`Migration of ${plugin} failed:`, error);
    return failed.length === 0;
  } finally {
    await database.close();
  }
}

async function administer(url: string, sql: string): Promise<void> {
  const database = openDatabase({ url, poolMax: 1, log });
  await database.db.raw(sql).finally(() => database.close());
}

function runAva(args: string[], url: string, template: string): Promise<number> {
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const env = {
    ...process.env,
    ROSTRA_TEST_DATABASE: url,
    ROSTRA_TEST_TEMPLATE: template,
    // The paths of an outside plugin's tsconfig are for its types; modules are led by the resolve hook.
    TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
  };
  // Where it was called: an outside plugin's tests run in its own folder.
  const child = spawn(process.execPath, [ava, ...args], { env, stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

// A Ctrl-C reaches AVA too; we wait for it and then stop PostgreSQL.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}
const code = await run(process.argv.slice(2)).catch((error) => {
  if (!interrupted) throw error;
  return 1;
});
process.exit(code);
