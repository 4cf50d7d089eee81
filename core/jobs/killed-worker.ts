// For a test: a worker that takes a job and never ends, to be killed.
import { run } from 'graphile-worker';
import { openDatabase } from '../database/connect.ts';
import { makeLog } from '../log.ts';
import { holdPoolName } from './jobs.ts';
import { takeLease } from './lease.ts';

const url = process.env.KILLED_WORKER_DATABASE ?? '';
const log = makeLog('silent');
const lease = await takeLease({ database: openDatabase({ url, log }), log });
await run({
  connectionString: url,
  taskList: { 'counter.count': () => new Promise(() => {}) },
  noHandleSignals: true,
  preset: { plugins: [holdPoolName(lease)] },
});
