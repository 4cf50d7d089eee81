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
