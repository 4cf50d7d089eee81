// A message centre that takes everything and tells of each that it arrived, in a process of its own. Told so, it lets people stop.
import { startSmsc } from '../plugins/sms/gateways/smsc.ts';
import { numberOf } from './outreach-fill.ts';

const ahead = 120;
const [every = 0] = process.argv.slice(2).map(Number);
const smsc = await startSmsc({ teardown: () => {} });
smsc.receipts = true;
const stops = new Map<string, number>();
let taken = 0;
let late = 0;
let sent = 0;

/** What it took is nothing to the question, but for those who had said stop. */
smsc.taken.push = (...messages) => {
  for (const { to } of messages) {
    taken += 1;
    const stopped = stops.get(to);
    if (stopped !== undefined) {
      sent += 1;
      late = Math.max(late, performance.now() - stopped);
    }
    if (every > 0 && taken % every === 0) void stop(numberOf(Number(to.slice(4)) + ahead));
  }
  return taken;
};

/** Somebody whose message is claimed by now, or will be in a moment. */
async function stop(from: string): Promise<void> {
  stops.set(from, performance.now());
  await smsc.tell({ kind: 'inbound', from, to: '+33700000001', text: 'STOP' }).catch(() => {});
}

setInterval(() => {
  process.stdout.write(`stops: ${JSON.stringify({ stops: stops.size, sent, late })};\n`);
}, 200).unref();
process.stdout.write(`takes messages at ${smsc.host};\n`);
process.on('SIGTERM', () => process.exit(0));
