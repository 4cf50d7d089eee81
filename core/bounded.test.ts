// What is bounded: one run at a time, and nobody is answered by a run that began before they asked.
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { oneAtATime } from './bounded.ts';

test('of readings that overlap, the last one stands', async (t) => {
  let written = 0;
  let kept = -1;
  let atOnce = 0;
  let runs = 0;
  const read = oneAtATime(async () => {
    atOnce += 1;
    runs += 1;
    t.is(atOnce, 1);
    const seen = written;
    // The first is the slowest, as where its query was.
    await wait(seen === 0 ? 30 : 1);
    kept = seen;
    atOnce -= 1;
  });
  const first = read();
  await wait(5);
  written = 1;
  const asked = [read(), read()];
  await Promise.all(asked);
  t.is(kept, 1);
  t.is(runs, 2);
  written = 2;
  void asked[0]?.then(() => read());
  await read();
  t.is(kept, 2);
  await first;
});

test('a run that fails is told to those who asked for it, and the next one runs', async (t) => {
  let isBroken = true;
  const run = oneAtATime(async () => {
    if (isBroken) throw new Error('broken');
  });
  await t.throwsAsync(run(), { message: 'broken' });
  isBroken = false;
  await t.notThrowsAsync(run());
});
