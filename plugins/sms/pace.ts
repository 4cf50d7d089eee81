// So many a second, as the account was given: each waits for its turn.

/** `undefined`: as fast as the gateway takes them. */
export function makePace(perSecond: number | undefined): (cut: AbortSignal) => Promise<void> {
  if (perSecond === undefined) return async () => {};
  let free = 0;
  return async (cut) => {
    const now = performance.now();
    const at = Math.max(now, free);
    free = at + 1000 / perSecond;
    if (at > now && !cut.aborted) await new Promise((resolve) => setTimeout(resolve, at - now));
  };
}
