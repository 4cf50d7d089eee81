// For a test: a worker of its own that takes slots of an account, tells which, and is killed with them in hand.
import { makeApp } from 'rostra/testing';
import { slotsOf } from './pace.ts';

const [databaseUrl = '', accountId = '', perSecond = '', count = '', now = ''] = JSON.parse(
  process.env['KILLED_SENDER'] ?? '[]',
) as string[];
process.once('disconnect', () => process.exit());
const nobody = { teardown: () => undefined } as unknown as Parameters<typeof makeApp>[0];
const app = await makeApp(nobody, { databaseUrl, now });
const slot = slotsOf(app.scope(), accountId, Number(perSecond));
const cut = new AbortController().signal;
const slots = await Promise.all(Array.from({ length: Number(count) }, () => slot(cut)));
process.send?.(slots);
