// A database that is gone for a while in mid-send: connections break, new ones are refused, then it is there again.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { cloneDatabase, type Test } from 'rostra/testing';
import { addressOf, scene } from './fixture.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';

interface Way {
  url: string;
  /** For so many milliseconds nobody gets through. */
  close(length: number): Promise<void>;
}

/** To the same database, by a way that can be closed: for whoever comes by it as if PostgreSQL were started anew. */
async function wayTo(t: Test, url: string): Promise<Way> {
  const there = new URL(url);
  const host = decodeURIComponent(there.hostname);
  const port = Number(there.port || 5432);
  const open = new Set<Socket>();
  let isClosed = false;
  const server = createServer((near) => {
    if (isClosed) return void near.destroy();
    const far = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect(port, host || '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  there.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: there.href,
    async close(length) {
      isClosed = true;
      for (const one of open) one.destroy();
      await wait(length);
      isClosed = false;
    },
  };
}

test('a database that is gone for a while in mid-send costs nobody a letter, and nobody gets two', async (t) => {
  const { url } = await cloneDatabase(t);
  const way = await wayTo(t, url);
  const s = await scene(t, { count: 60, databaseUrl: way.url });
  const id = await s.write();
  await s.releaseNow(id);
  const gone: Promise<void>[] = [];
  s.sink.hooks.onData = () => {
    // While the mail server has the letter and has not said so.
    if ([7, 31].includes(s.sink.taken.length)) gone.push(way.close(1_000));
  };
  const isDone = async () => (await findSend(s.scope, id).catch(() => undefined))?.state === 'done';
  for (let turn = 0; turn < 100 && !(await isDone()); turn += 1) {
    await run(s.scope, s.deps, id).catch(() => undefined);
    await Promise.all(gone);
  }
  t.true(gone.length >= 2);
  t.true(await isDone());
  t.deepEqual(s.sink.readers().sort(), Array.from({ length: 60 }, (_, at) => addressOf(at)).sort());
  t.like(await s.counts(id), { accepted: 60, unknown: 0, waiting: 0 });
});
