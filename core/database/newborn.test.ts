import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import pg from 'pg';
import { makeLog } from '../log.ts';
import type { Test } from '../testing/database.ts';
import { startEmbedded } from './embedded.ts';
import { markNewborn } from './newborn.ts';

const log = makeLog('silent');
const start = (data: string, owner = true) => startEmbedded({ data, log, owner });

function makeFolder(t: Test): { data: string; cluster: string; mark: string } {
  const data = mkdtempSync(join(tmpdir(), 'rostra-newborn-'));
  chmodSync(data, 0o711);
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  const cluster = join(data, 'postgres');
  return { data, cluster, mark: `${cluster}.newborn` };
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const keepOne = 'create table kept (id int); insert into kept values (1)';
const countKept = `select to_regclass('kept') is not null as there`;

test.serial('a new cluster carries its mark until its files are on the disk', async (t) => {
  const { data, cluster, mark } = makeFolder(t);
  const embedded = await start(data);
  await embedded.onDisk;
  t.true(existsSync(join(cluster, 'PG_VERSION')));
  t.false(existsSync(mark));
  await embedded.stop();
});

test.serial('a first start that the power cut short begins anew', async (t) => {
  const { data, cluster, mark } = makeFolder(t);
  const first = await start(data);
  await query(first.url, keepOne);
  await first.stop();
  markNewborn(cluster);
  const again = await start(data);
  t.deepEqual(await query(again.url, countKept), [{ there: false }]);
  await again.stop();
  t.false(existsSync(mark));
  const third = await start(data);
  await query(third.url, keepOne);
  await third.stop();
  const fourth = await start(data);
  t.deepEqual(await query(fourth.url, countKept), [{ there: true }], 'and then it stays');
  await fourth.stop();
});

test.serial('one that was killed while its PostgreSQL lives on goes on from there', async (t) => {
  const { data, cluster, mark } = makeFolder(t);
  const program = join(import.meta.dirname, '..', 'testing', 'embedded-process.ts');
  const child = fork(program, [data], { execArgv: ['--import=./core/typescript.mjs'] });
  const [{ url }] = await once(child, 'message');
  await query(url, keepOne);
  child.kill('SIGKILL');
  await once(child, 'exit');
  markNewborn(cluster);
  const adopted = await start(data);
  await adopted.onDisk;
  t.deepEqual(await query(adopted.url, countKept), [{ there: true }]);
  t.false(existsSync(mark));
  await adopted.stop();
});

test.serial('a command beside waits until the files are on the disk', async (t) => {
  const { data, mark } = makeFolder(t);
  const embedded = await start(data);
  await embedded.onDisk;
  writeFileSync(mark, '');
  let isOpen = false;
  const beside = start(data, false).then((opened) => {
    isOpen = true;
    return opened;
  });
  await wait(200);
  t.false(isOpen);
  rmSync(mark);
  t.false((await beside).owned);
  await embedded.stop();
});
