// A bound in time for a plugin's handler; it stands still while the reader is sending the body.
import { unavailable } from '../errors.ts';

export interface Bound {
  pause(): void;
  resume(): void;
}

/** Runs `act`; throws `unavailable` when it has not ended after `ms` of its own time. */
export async function within<T>(
  ms: number,
  who: string,
  act: (bound: Bound) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let left = ms;
  let since = 0;
  let expire: () => void = () => {};
  const expired = new Promise<never>((_resolve, reject) => {
    expire = () => reject(unavailable(who, new Error(`no answer within ${ms} ms`)));
  });
  const bound: Bound = {
    pause() {
      clearTimeout(timer);
      left -= performance.now() - since;
    },
    resume() {
      since = performance.now();
      timer = setTimeout(expire, Math.max(left, 0));
    },
  };
  bound.resume();
  try {
    return await Promise.race([act(bound), expired]);
  } finally {
    clearTimeout(timer);
  }
}
