// Starts the server in order and stops it in reverse.
import './register.mjs';
import { readConfig } from './config.ts';
import { StartError } from './database/start-error.ts';
import { makeLog } from './log.ts';
import { startServer } from './server.ts';

try {
  const config = readConfig(process.env);
  const log = makeLog(config.logLevel);
  const server = await startServer(config, { log });
  for (const line of server.welcome) process.stdout.write(`${line}\n`);
  stopOnSignal(server.stop);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** A second Ctrl-C, or ten seconds, ends it without waiting. */
function stopOnSignal(stop: () => Promise<void>): void {
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
