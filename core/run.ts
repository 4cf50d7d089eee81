// Runs the server of a process until a signal ends it.
import { readConfig } from './config.ts';
import { makeLog } from './log.ts';
import { openMigrated } from './opening.ts';

/** Answers once it is ready. Throws StartError with one sentence when it cannot start. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  const log = makeLog(config.logLevel);
  // PostgreSQL comes up while the rest of the program is read.
  const opening = openMigrated(config, { log });
  opening.catch(() => {});
  const { startServer } = await import('./server.ts');
  const server = await startServer(config, { log, opening });
  for (const line of server.welcome) process.stdout.write(`${line}\n`);
  stopOnSignal(server.stop);
}

/** A second Ctrl-C, or ten seconds, ends it without waiting. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const end = async (): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    await stop();
    process.exit(0);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
