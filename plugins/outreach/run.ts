// Sends what was released: claimed, looked at again, handed over, answered, each step committed before the next.
import { type HandedMail, type Hush, listenForSilence, type Scope } from 'rostra/plugin';
import { findChannel } from './channel.ts';
import type { Deps } from './deps.ts';
import { frameOf } from './frame.ts';
import { actOf, freeze } from './freeze.ts';
import type { Line, OutreachChannel, Room } from './index.ts';
import { type Due, lookAgain } from './look.ts';
import { type Measuring, measuringOf, renewMeasuring } from './measure.ts';
import {
  type ClaimedRecipient,
  claimRecipients,
  findHolders,
  giveBack,
  settleLeft,
  settleLost,
} from './recipient.sql.ts';
import { findOpenSends, findSend, moveSend } from './send.sql.ts';
import { wake } from './send.ts';
import { type End, makeSteps } from './steps.ts';
import { stopPathOf } from './stop.ts';
import { findScattered, findTally, gatherTally } from './tally.sql.ts';

/** Claimed at once: as many as leave in half of the time for which a look at people holds. */
const [least, first, most] = [5, 20, 200];
/** Milliseconds: whoever waits longer after being looked at is looked at again. */
const freshFor = 1_000;
/** Milliseconds after which a run makes room for others and is woken anew. */
const longest = 20_000;

/** So many changes of the numbers of a send are as quick to add up as one. */
const scattered = 200;

/** Each minute: what is due, and what waited for a server, a new day or the end of a silence. */
export async function wakeAll(scope: Scope, deps: Deps): Promise<void> {
  await renewMeasuring(scope, deps);
  for (const id of await findOpenSends(scope)) await wake(scope, deps, id);
  for (const id of await findScattered(scope, scattered)) {
    await scope.write((own) => gatherTally(own, id));
  }
}

export async function run(scope: Scope, deps: Deps, sendId: string): Promise<void> {
  const holder = await deps.lives.own(scope);
  await settleDead(scope, deps);
  await scope.write((own) => settleLeft(own, sendId, holder));
  const send = await findSend(scope, sendId);
  const channel = send && (await findChannel(scope, deps, send.channel));
  if (!send || !channel || !['approved', 'sending'].includes(send.state)) return;
  const { service, info } = channel;
  if (await service.obstacle(scope)) return;
  const hush = listenForSilence(deps.silence, scope);
  if (await isSilent(hush)) return;
  const act = actOf(info, send);
  if (send.state === 'approved' && !(await freeze(scope, deps, send, act))) return;
  const line = await service.open(scope, send, await frameOf(scope, deps, send));
  if (!line) return;
  const step = makeSteps(scope, holder);
  const until = scope.now().getTime() + longest;
  try {
    const measuring = await measuringOf(scope, deps, { sendId, info, line });
    const running = { scope, deps, sendId, act, holder, hush, line, measuring, service, step };
    if (await sendAll(running, until)) return await wake(scope, deps, sendId);
  } finally {
    line.close();
  }
  const { waiting } = await findTally(scope, sendId);
  if (waiting === 0) await scope.write((own) => moveSend(own, sendId, ['sending'], 'done'));
}

interface Running {
  scope: Scope;
  deps: Deps;
  sendId: string;
  act: ReturnType<typeof actOf>;
  holder: string;
  hush: Hush;
  line: Line;
  measuring: Measuring | undefined;
  service: OutreachChannel;
  step: ReturnType<typeof makeSteps>;
}

/** The next batch is made ready while one leaves. Answers whether the time was over before the recipients were. */
async function sendAll(running: Running, until: number): Promise<boolean> {
  const { scope } = running;
  const now = () => scope.now().getTime();
  let size = first;
  let back = 0;
  let ahead: Promise<Batch> | undefined;
  try {
    for (;;) {
      const batch = await (ahead ?? makeReady(running, size));
      ahead = undefined;
      const { isThere, claimed, due } = batch;
      // What the batch before put back was not there yet when this one was claimed.
      const mayBeMore = isThere && (claimed.length > 0 || back > 0);
      if (mayBeMore && claimed.length > 0 && size > least) ahead = makeReady(running, size);
      const began = now();
      const handed = await leave(running, batch);
      if (!mayBeMore || (handed === 0 && due.length > 0 && !isStale(running, batch))) return false;
      back = claimed.length - handed;
      const pace = handed / Math.max(1, now() - began);
      size = Math.min(most, Math.max(least, Math.min(2 * size, Math.round((pace * freshFor) / 2))));
      if (now() > until) return true;
    }
  } finally {
    const left = await ahead?.catch(() => undefined);
    if (left) await putBack(running, left, 0);
  }
}

interface Batch {
  claimed: ClaimedRecipient[];
  room: Room;
  due: Due[];
  isThere: boolean;
  lookedAt: number;
}
interface Ready extends Due {
  hand: (cut: AbortSignal) => Promise<HandedMail>;
}

async function makeReady(running: Running, size: number): Promise<Batch> {
  const { scope, hush, line } = running;
  const lookedAt = scope.now().getTime();
  const nobody = { claimed: [], due: [], isThere: true, lookedAt };
  if (await isSilent(hush)) return { ...nobody, room: noRoom };
  const { claimed, room } = await claim(running, size);
  const batch = { ...nobody, claimed, room };
  if (claimed.length === 0) return batch;
  try {
    const due = await lookAgain(running, claimed);
    const isThere = due.length === 0 || (await line.answers());
    return { ...batch, isThere, due: isThere ? due : [] };
  } catch (error) {
    await putBack(running, batch, 0);
    throw error;
  }
}

const noRoom: Room = { count: 0, giveBack: async () => {} };

async function written(running: Running, one: Due): Promise<Ready> {
  const { scope, deps, line, act, measuring } = running;
  const stopPath = await stopPathOf(scope, deps, one, act);
  const counted = one.measure?.ground && (await measuring?.pathsOf(one));
  const reader = { ...one, stopPath, ...(counted && { counted }) };
  return { ...one, hand: await line.write(reader) };
}

const isStale = ({ scope }: Running, { lookedAt }: Batch): boolean =>
  Math.abs(scope.now().getTime() - lookedAt) > freshFor;

/** Answers how many were handed over; a fault ends its lane, and the others what they hold. */
async function leave(running: Running, batch: Batch): Promise<number> {
  const left = [...batch.due];
  let handed = 0;
  let fault: unknown;
  const isOver = () => fault !== undefined || isStale(running, batch);
  /** Written while the one before is handed over, so no more texts are held than there are lanes. */
  const next = async (): Promise<Ready | undefined> => {
    const one = isOver() ? undefined : left.shift();
    return one && written(running, one).catch((error: unknown) => void (fault ??= error));
  };
  const lane = async (): Promise<void> => {
    let end: End | undefined;
    let coming = next();
    for (;;) {
      const one = await coming;
      const due = one && !isOver() && !(await isSilent(running.hush)) ? one : undefined;
      if (!due && !end) return;
      const isOurs = await running.step(end, due?.id);
      end = undefined;
      if (!due) return;
      coming = next();
      if (!isOurs) continue;
      end = await handOver(running, due);
      if (end.state !== 'kept') handed += 1;
    }
  };
  const guarded = () => lane().catch((error: unknown) => void (fault ??= error));
  await Promise.all(Array.from({ length: running.line.lanes }, guarded));
  await putBack(running, batch, handed);
  if (fault !== undefined) throw fault;
  return handed;
}

async function handOver({ hush }: Running, { id, attempts, hand }: Ready): Promise<End> {
  // It may have begun while that was committed.
  const end = (await isSilent(hush)) ? kept : await hush.during(hand);
  return { id, attempts, ...end };
}

const kept = { state: 'kept', answer: '' } as const;

/** What was paused, or silenced, after it was claimed, or waited too long; and all of it while nobody answers. */
async function putBack(running: Running, batch: Batch, handed: number): Promise<void> {
  const { scope, holder } = running;
  const { claimed, room, isThere } = batch;
  if (claimed.length === handed) return;
  const ids = claimed.map(({ id }) => id);
  const dueAt = new Date(scope.now().getTime() + (isThere ? 0 : 60_000));
  await scope.write(async (own) => {
    await giveBack(own, ids, { holder, dueAt });
    await room.giveBack(own, claimed.length - handed);
  });
}

/** Counted and claimed in one transaction: two workers never pass the day's room together. */
function claim({ scope, service, sendId, holder }: Running, size: number) {
  return scope.write(async (own) => {
    const room = await service.take(own, size);
    const limit = room.count;
    const claimed = limit > 0 ? await claimRecipients(own, sendId, { holder, limit }) : [];
    await room.giveBack(own, limit - claimed.length);
    return { claimed, room };
  });
}

/** Nobody can tell: as if it were. */
function isSilent(hush: Hush): Promise<boolean> {
  return hush().then(Boolean, () => true);
}

async function settleDead(scope: Scope, deps: Deps): Promise<void> {
  const dead = await deps.lives.dead(scope, await findHolders(scope));
  if (dead.length > 0) await scope.write((own) => settleLost(own, dead));
}
