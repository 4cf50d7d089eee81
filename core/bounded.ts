// Waits so long and no longer.

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
