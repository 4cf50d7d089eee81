import { createServer } from 'node:net';
import test from 'ava';
import { freePort } from './port.ts';

test('a port that was given is not given again, taken or not', async (t) => {
  const given = new Set<number>();
  for (let one = 0; one < 50; one += 1) given.add(await freePort());
  t.is(given.size, 50);
});

test('it can be listened on, and no connection that goes out takes it first', async (t) => {
  const port = await freePort();
  t.true(port < 32_768);
  await t.notThrowsAsync(
    new Promise<void>((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
    }),
  );
});
