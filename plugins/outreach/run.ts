// Sends what was released: claimed, looked at again, handed over, answered, each step committed before the next.
import { type Hush, listenForSilence, type Scope } from 'rostra/plugin';
import { findChannel } from './channel.ts';
import type { Deps } from './deps.ts';
import { frameOf } from './frame.ts';
import { actOf, freeze } from './freeze.ts';
import type { Line, OutreachChannel } from './index.ts';
import {
  type ClaimedRecipient,
  claimRecipients,
  countRecipients,
  findHolders,
  giveBack,
  markHanded,
  moveAddresses,
  settleLost,
  settleRecipient,
  skipRecipients,
} from './recipient.sql.ts';
import { findOpenSends, findSend, moveSend } from './send.sql.ts';
import { wake } from './send.ts';
import { stopPathOf } from './stop.ts';

const batch = 20;
/** Milliseconds after which a run makes room for others and is woken anew. */
const longest = 10 * 60_000;

/** Each minute: what is due, and what waited for a server, a new day or the end of a silence. */
export async function wakeAll(scope: Scope, deps: Deps): Promise<void> {
  for (const id of await findOpenSends(scope)) await wake(scope, deps, id);
}

export async function run(scope: Scope, deps: Deps, sendId: string): Promise<void> {
  const holder = await deps.lives.own(scope);
  await settleDead(scope, deps);
  const send = await findSend(scope, sendId);
  const channel = send && (await findChannel(scope, deps, send.channel));
  if (!send || !channel || !['approved', 'sending'].includes(send.state)) return;
  const { service, info } = channel;
  if (await service.obstacle(scope)) return;
  const hush = listenForSilence(deps.silence, scope);
  if (await isSilent(hush)) return;
  const act = actOf(info, send.newsletterId);
  if (send.state === 'approved' && !(await freeze(scope, deps, send, act))) return;
  const line = await service.open(scope, send, await frameOf(scope, deps, send.newsletterId));
  if (!line) return;
  const { newsletterId } = send;
  const running = { scope, deps, sendId, newsletterId, act, holder, hush, line, service };
  const until = scope.now().getTime() + longest;
  try {
    while (await sendBatch(running)) {
      if (scope.now().getTime() > until) return await wake(scope, deps, sendId);
    }
  } finally {
    line.close();
  }
  const { waiting } = await countRecipients(scope, sendId);
  if (waiting === 0) await scope.write((own) => moveSend(own, sendId, ['sending'], 'done'));
}

interface Running {
  scope: Scope;
  deps: Deps;
  sendId: string;
  newsletterId: string;
  act: ReturnType<typeof actOf>;
  holder: string;
  hush: Hush;
  line: Line;
  service: OutreachChannel;
}

/** Whether there may be more. */
async function sendBatch(running: Running): Promise<boolean> {
  const { scope, holder, hush, line } = running;
  if (await isSilent(hush)) return false;
  const { claimed, room } = await claim(running);
  if (claimed.length === 0) return false;
  const those = await lookAgain(running, claimed);
  const isThere = those.length === 0 || (await line.answers());
  const due = isThere ? those : [];
  const { count: handed, fault } = await inLanes(due, line.lanes, (one) => sendOne(running, one));
  // What was paused, or silenced, after it was claimed; and all of it while nobody answers.
  const ids = claimed.map(({ id }) => id);
  const dueAt = new Date(scope.now().getTime() + (isThere ? 0 : 60_000));
  await scope.write(async (own) => {
    await giveBack(own, ids, { holder, dueAt, answer: null, tried: false });
    await room.giveBack(own, claimed.length - handed);
  });
  if (fault !== undefined) throw fault;
  return isThere && (handed > 0 || those.length === 0);
}

/** Counted and claimed in one transaction: two workers never pass the day's room together. */
function claim({ scope, service, sendId, holder }: Running) {
  return scope.write(async (own) => {
    const room = await service.take(own, batch);
    const limit = room.count;
    const claimed = limit > 0 ? await claimRecipients(own, sendId, { holder, limit }) : [];
    await room.giveBack(own, limit - claimed.length);
    return { claimed, room };
  });
}

interface Due extends ClaimedRecipient {
  address: string;
  isDirect: boolean;
  givenName?: string;
}

/** Whoever unsubscribed, objected or moved since the list was frozen is heard now. */
async function lookAgain(running: Running, claimed: readonly ClaimedRecipient[]): Promise<Due[]> {
  const { scope, deps, act, holder } = running;
  const ids = claimed.map(({ personId }) => personId);
  const found = await deps.reach.among(scope, ids, act);
  const known = new Map(found.map((one) => [one.personId, one]));
  const due = claimed.flatMap((one): Due[] => {
    const { answer, address, isDirect = false, givenName } = known.get(one.personId) ?? {};
    if (!answer?.may || address === undefined) return [];
    return [{ ...one, address, isDirect, ...(givenName && { givenName }) }];
  });
  const skipped = claimed
    .filter(({ id }) => !due.some((one) => one.id === id))
    .map(({ id, personId }) => ({ id, why: known.get(personId)?.answer.why ?? 'not-subscribed' }));
  await scope.write(async (own) => {
    await moveAddresses(own, due);
    await skipRecipients(own, skipped, holder);
  });
  return due;
}

/** Whether it was handed over. */
async function sendOne(running: Running, one: Due): Promise<boolean> {
  const { scope, deps, holder, hush, line, newsletterId } = running;
  const stopPath = await stopPathOf(scope, deps, { ...one, newsletterId });
  const hand = await line.write({ ...one, stopPath });
  if (await isSilent(hush)) return false;
  if (!(await scope.write((own) => markHanded(own, one.id, holder)))) return false;
  const end = await hush.during(hand);
  await scope.write(async (own) => {
    const { state, answer } = end;
    if (state !== 'later') return settleRecipient(own, one.id, { state, answer, holder });
    const dueAt = new Date(own.now().getTime() + 60_000 * 4 ** Math.min(one.attempts - 1, 5));
    await giveBack(own, [one.id], { holder, dueAt, answer, tried: true });
  });
  return true;
}

/** Nobody can tell: as if it were. */
function isSilent(hush: Hush): Promise<boolean> {
  return hush().then(Boolean, () => true);
}

async function settleDead(scope: Scope, deps: Deps): Promise<void> {
  const dead = await deps.lives.dead(scope, await findHolders(scope));
  if (dead.length > 0) await scope.write((own) => settleLost(own, dead));
}

/** Answers for how many it was true; a fault ends its lane, and the others what they hold. */
async function inLanes<T>(
  all: readonly T[],
  lanes: number,
  act: (one: T) => Promise<boolean>,
): Promise<{ count: number; fault: unknown }> {
  const left = [...all];
  let count = 0;
  let fault: unknown;
  const lane = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined && !fault; one = left.shift()) {
      if (await act(one)) count += 1;
    }
  };
  const guarded = () => lane().catch((error: unknown) => void (fault ??= error));
  await Promise.all(Array.from({ length: lanes }, guarded));
  return { count, fault };
}
