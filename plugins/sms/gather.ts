// Many single things done together: what comes while a batch is under way makes the next one.
export interface Gathered<T> {
  /** Done when what it is gathered with is. */
  add(one: T): Promise<void>;
  end(): Promise<void>;
}

export function gathered<T>(act: (batch: readonly T[]) => Promise<void>, most = 500): Gathered<T> {
  let waiting: { one: T; done: () => void; fail: (error: unknown) => void }[] = [];
  let running: Promise<void> | undefined;
  async function run(): Promise<void> {
    // Whatever else is answered in the same turn comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      try {
        await act(batch.map(({ one }) => one));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    running = undefined;
  }
  return {
    add(one) {
      return new Promise<void>((done, fail) => {
        waiting.push({ one, done, fail });
        running ??= run();
      });
    },
    end: async () => {
      await running;
      waiting = [];
    },
  };
}
