// Bounds on what runs: so long and no longer, one at a time and no more.

/** Rejects after `ms`; what `run` began goes on, its end is no longer waited for. */
export async function within<T>(ms: number, message: string, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Never two at once: calls share the next run that begins after them, so it sees what they were called for. */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    if (next) return next;
    next = last
      .catch(() => {})
      .then(() => {
        next = undefined;
        return run();
      });
    last = next;
    return next;
  };
}

export interface Gathered<T, R = void> {
  /** Done when what it is gathered with is; answers its own part of what came of that. */
  add(one: T): Promise<R>;
  /** After all that was added. */
  end(): Promise<void>;
}

type Parts<R> = [R] extends [void] ? void : readonly R[];

/** Many single things done together: what comes while a batch is under way makes the next one. What `act` answers is in order. */
export function gathered<T, R = void>(
  act: (batch: readonly T[]) => Promise<Parts<R>>,
  most = 500,
): Gathered<T, R> {
  const waiting: { one: T; done: (part: R) => void; fail: (error: unknown) => void }[] = [];
  let running: Promise<void> | undefined;
  async function run(): Promise<void> {
    // Whatever else is ready in this turn comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      try {
        const parts = await act(batch.map(({ one }) => one));
        for (const [at, { done }] of batch.entries()) done(parts?.[at] as R);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    running = undefined;
  }
  return {
    add: (one) =>
      new Promise((done, fail) => {
        waiting.push({ one, done, fail });
        running ??= run();
      }),
    end: async () => running,
  };
}
