// A process for trials of silence: the whole house but its pages, sending the core's outbox on a clock that it is told.
import { setTimeout as wait } from 'node:timers/promises';
import '../register.mjs';
import { assemble } from '../assemble.ts';
import { readConfig } from '../config.ts';
import { makeLog } from '../log.ts';
import { deliverMail } from '../mail/deliver.ts';

let ahead: number | undefined;
process.on('message', (told: { ahead: number }) => {
  ahead = told.ahead;
});
process.once('disconnect', () => process.exit());

const clock = { now: () => new Date(Date.now() + (ahead ?? 0)) };
const house = await assemble(readConfig(process.env), { log: makeLog('silent'), clock });
await house.loadPlugins();
const organizationId = house.organizations.root()?.id ?? '';
const scope = house.scopes.make({ organizationId, actor: { kind: 'system', name: 'test' } });
process.send?.('ready');
for (;;) {
  if (ahead !== undefined) {
    await deliverMail({ ...house, lease: () => house.jobs.lease() }, scope);
  }
  await wait(50);
}
