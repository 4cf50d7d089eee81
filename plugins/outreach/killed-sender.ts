// For a test: a worker that sends what was released, to be killed by the mail server at the worst moment.
import { setTimeout as wait } from 'node:timers/promises';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';

const [databaseUrl = '', smtpUrl = '', chapter = '', sendId = '', now = ''] = JSON.parse(
  process.env['KILLED_SENDER'] ?? '[]',
) as string[];
process.once('disconnect', () => process.exit());
const nobody = { teardown: () => undefined } as unknown as Parameters<typeof makeApp>[0];
const app = await makeApp(nobody, { databaseUrl, smtpUrl, now });
const scope = app.scope(chapter);
const deps = depsOf(app.get('outreach'));
while ((await findSend(scope, sendId))?.state !== 'done') {
  await run(scope, deps, sendId);
  await wait(50);
}
process.exit();
