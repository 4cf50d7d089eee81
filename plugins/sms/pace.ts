// So many a second, as the account was given, whoever sends through it: each waits for its turn.

type Turn = (cut: AbortSignal) => Promise<void>;
interface Paced {
  id: string;
  /** `undefined`: as fast as the gateway takes them. */
  perSecond: number | undefined;
}

/** Of all runs of this process that go through one account. */
export function makePaces(): (account: Paced) => Turn {
  const known = new Map<string, { perSecond: number; turn: Turn }>();
  return ({ id, perSecond }) => {
    if (perSecond === undefined) return async () => {};
    const kept = known.get(id);
    if (kept?.perSecond === perSecond) return kept.turn;
    const turn = paceOf(perSecond);
    known.set(id, { perSecond, turn });
    return turn;
  };
}

function paceOf(perSecond: number): Turn {
  let free = 0;
  return async (cut) => {
    const now = performance.now();
    const at = Math.max(now, free);
    free = at + 1000 / perSecond;
    if (at > now && !cut.aborted) await new Promise((resolve) => setTimeout(resolve, at - now));
  };
}
