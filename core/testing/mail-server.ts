// A real mail server on loopback, which the test tells what to do with each message.
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Test } from './database.ts';

/** Answers where it listens: `smtp://127.0.0.1:4711`. It ends with the test. */
export async function startMailServer(
  t: Pick<Test, 'teardown'>,
  hooks: SMTPServerOptions,
): Promise<string> {
  const server = new SMTPServer({ disabledCommands: ['STARTTLS', 'AUTH'], ...hooks });
  // Who is killed in the middle hangs up.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}
