// So many a second, as the account was given, whoever sends through it: in this run, in another, on another machine.
import { setImmediate as turnOver, setTimeout as wait } from 'node:timers/promises';
import { notFound, type Scope } from 'rostra/plugin';
import { reserveSlots } from './pace.sql.ts';

/** Done when a message of so many parts may leave, or is cut. Throws when nobody can tell. */
export type Turn = (parts: number, cut: AbortSignal) => Promise<void>;

interface Paced {
  id: string;
  /** `undefined`: as fast as the gateway takes them. */
  perSecond: number | undefined;
}

/** Seconds of slots that are reserved at once; a process that dies takes no more of them with it. */
const [fewest, most] = [0.02, 0.5];
/** Milliseconds before the last of them that the next are asked for. */
const lead = 20;
/** Milliseconds for which a slot that nobody waited for may still be used: carriers count by the second. */
const good = 100;

export function paceOf(scope: Scope, { id, perSecond }: Paced): Turn {
  if (perSecond === undefined) return async () => {};
  const slot = slotsOf(scope, id, perSecond);
  return async (parts, cut) => {
    const slots = await Promise.all(Array.from({ length: parts }, () => slot(cut)));
    await until(scope, Math.max(...slots.map((at = 0) => at)), cut);
  };
}

/** When the next part may leave, in milliseconds since 1970: never the same twice. `undefined`: it is cut. */
export function slotsOf(scope: Scope, accountId: string, perSecond: number) {
  const gap = 1_000 / perSecond;
  const [atLeast = 1, atMost = 1] = [fewest, most].map((share) =>
    Math.max(1, Math.floor(share * perSecond)),
  );
  let waiting: Waiting[] = [];
  /** Reserved, and nobody's yet. */
  let held: number[] = [];
  let last = 0;
  let running: Promise<void> | undefined;

  async function reserve(): Promise<void> {
    const count = Math.min(Math.max(waiting.length, atLeast), atMost);
    const first = await scope.aside((own) => reserveSlots(own, { accountId, count, perSecond }));
    if (first === undefined) throw notFound('account', accountId);
    held = Array.from({ length: count }, (_, place) => first + place * gap);
    last = held.at(-1) ?? 0;
  }

  async function share(): Promise<void> {
    const now = scope.now().getTime();
    held = held.filter((at) => at + good >= now);
    if (held.length === 0) await until(scope, last - lead);
    waiting = waiting.filter(isWanted);
    if (waiting.length > 0 && held.length === 0) await reserve();
    const slots = held.splice(0, waiting.length);
    for (const { done } of waiting.splice(0, slots.length)) done(slots.shift());
  }

  async function run(): Promise<void> {
    // Whoever else is ready comes along.
    await turnOver();
    try {
      while (waiting.length > 0) await share();
    } catch (error) {
      for (const { fail } of waiting.splice(0)) fail(error);
    }
    running = undefined;
  }

  return (cut: AbortSignal) =>
    new Promise<number | undefined>((done, fail) => {
      waiting.push({ cut, done, fail });
      running ??= run();
    });
}

interface Waiting {
  cut: AbortSignal;
  done(slot: number | undefined): void;
  fail(error: unknown): void;
}

/** What is cut takes no slot. */
function isWanted({ cut, done }: Waiting): boolean {
  if (cut.aborted) done(undefined);
  return !cut.aborted;
}

async function until(scope: Scope, at: number, signal?: AbortSignal): Promise<void> {
  const ms = at - scope.now().getTime();
  if (ms > 0) await wait(ms, undefined, signal && { signal }).catch(() => undefined);
}
