// Waiting for what comes by itself: other tests run beside, so the longest wait is far longer than it ever takes.
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds. */
const [longest, pause] = [60_000, 25];

/** Whether it was so within a minute; asked again and again. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + longest;
  while (!(await isSo())) {
    if (performance.now() > end) return false;
    await wait(pause);
  }
  return true;
}
