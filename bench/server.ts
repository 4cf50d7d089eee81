// The real server for a bench: a party that is set up, in a folder of its own, on a free port.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Child, startChild } from './child.ts';

export interface BenchServer extends Child {
  port: number;
}

export async function makeData(): Promise<{ folder: string; remove(): Promise<void> }> {
  const above = await mkdtemp(path.join(os.tmpdir(), 'rostra-bench-'));
  // Started by root, PostgreSQL runs as another user, who must get in.
  await chmod(above, 0o711);
  return {
    folder: path.join(above, 'data'),
    remove: () => rm(above, { recursive: true, force: true }),
  };
}

/** The party of all benches, as the environment sets it up. */
export const party = {
  PORT: '0',
  HOST: '127.0.0.1',
  ROSTRA_LOG: 'warn',
  ROSTRA_JURISDICTION: 'fr',
  ROSTRA_ORGANIZATION: 'Parti de la mesure',
  ROSTRA_ADMIN_EMAIL: 'anne@parti.example',
  ROSTRA_ADMIN_PASSWORD: 'correct horse battery staple',
  DATABASE_URL: '',
  ROSTRA_URL: '',
};

export async function startServer(data: string): Promise<BenchServer> {
  const child = startChild('core/main.ts', [], { ...party, ROSTRA_DATA: data });
  const [, port] = await child.says(/ready at http:\/\/[^\s:]+:(\d+)/, 90_000);
  return { ...child, port: Number(port) };
}
