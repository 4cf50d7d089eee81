// A mail server that takes everything and keeps nothing, in a process of its own.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData(stream, _session, answer) {
    stream.resume();
    stream.once('end', () => answer());
  },
});
// Whoever hangs up in the middle is none of its business.
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.server.address() as AddressInfo;
  process.stdout.write(`takes mail at smtp://127.0.0.1:${port};\n`);
});
process.on('SIGTERM', () => process.exit(0));
