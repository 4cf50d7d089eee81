// A message centre that takes everything and tells of each that it arrived, in a process of its own.
import { startSmsc } from '../plugins/sms/gateways/smsc.ts';

const smsc = await startSmsc({ teardown: () => {} });
smsc.receipts = true;
// What it took is nothing to the question.
setInterval(() => smsc.taken.splice(0), 1_000).unref();
process.stdout.write(`takes messages at ${smsc.host};\n`);
process.on('SIGTERM', () => process.exit(0));
