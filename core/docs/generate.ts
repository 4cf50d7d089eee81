// `npm run docs`: writes docs/reference anew, from a database of its own that goes again.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../register.mjs';
import { openDatabase } from '../database/connect.ts';
import { startEmbedded } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';
import { makeLog } from '../log.ts';
import { root } from '../manifests.ts';
import { bundledSources } from '../testing/sources.ts';
import { makeReference } from './reference.ts';

const log = makeLog('warn');
const data = mkdtempSync(join(tmpdir(), 'rostra-docs-'));
// Started by root, PostgreSQL runs as another user, who must get in.
chmodSync(data, 0o711);
try {
  const embedded = await startEmbedded({ data, log, owner: true, fast: true });
  const database = openDatabase({ url: embedded.url, log });
  try {
    const { failed } = await migrate({ database, sources: bundledSources(), log });
    for (const { plugin, error } of failed) throw new Error(`${plugin} failed`, { cause: error });
    write(await makeReference(database.db));
  } finally {
    await database.close();
    await embedded.stop();
  }
} finally {
  rmSync(data, { recursive: true, force: true });
}

function write(pages: Record<string, string>): void {
  const folder = join(root, 'docs/reference');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
}
