// Hands messages to the mail server: claimed, handed, answered, each step committed before the next.
import type { Core } from '../core.ts';
import type { Db } from '../database/connect.ts';
import type { Lease } from '../jobs/lease.ts';
import { silenceWords } from '../law/silence-words.ts';
import type { Scope } from '../scope.ts';
import type { MailRefusals, MailSender, Silence } from '../services.ts';
import { domainOf, signatureOf } from './domain.ts';
import { type Hush, listenForSilence } from './hush.ts';
import {
  type ClaimedMail,
  claimMails,
  findMailHolders,
  giveBackMails,
  markHanded,
  settleLost,
  settleMail,
} from './mail.sql.ts';
import { keepBack } from './refusals.ts';
import { type MailWay, provenWayOf, type SenderDeps } from './sender.ts';
import { answerOf, handOver, lanes, openServer, type Server } from './server.ts';
import { claimBulk, giveBackDay } from './warm-up.sql.ts';
import { ceilingOf, dayOf } from './warm-up.ts';

export interface DeliverDeps extends SenderDeps, Pick<Core, 'log'> {
  lease(): Promise<Lease>;
  silence: Silence;
  refusals: MailRefusals;
}

const batch = 20;
const pauseAfterSilence = 60_000;

/** Sends what is due for the scope's organization; answers how many were accepted. */
export async function deliverMail(deps: DeliverDeps, scope: Scope): Promise<number> {
  const holder = await deps.lease();
  await settleDead(deps, holder, scope.now());
  const way = await provenWayOf(deps, scope.organization);
  if ('waitsFor' in way) return 0;
  const domain = domainOf(way.from.address) ?? '';
  const server = await openServer(way.server, await signatureOf(deps, domain));
  const hush = listenForSilence(deps.silence, scope);
  let accepted = 0;
  try {
    for (;;) {
      const next = await claimNext(deps, scope, { holder: holder.id, domain, hush });
      if (next.claimed.length === 0) return accepted;
      const { day } = next;
      const claimed = await keepBack(
        { ...deps, db: deps.database.db },
        {
          scope,
          holder: holder.id,
          claimed: next.claimed,
          counted: day ? { domain, day } : undefined,
        },
      );
      if (claimed.length === 0) continue;
      if (!(await answers(deps, { server, scope, holder: holder.id, claimed }))) {
        const count = claimed.length;
        if (day) await giveBackDay(deps.database.db, { domain, day, count });
        return accepted;
      }
      const by = {
        server,
        scope,
        way,
        holder: holder.id,
        toMany: day ? { hush, domain, day } : undefined,
      };
      accepted += await inLanes(claimed, (mail) => sendOne(deps, { ...by, mail }));
    }
  } finally {
    server.close();
  }
}

/**
 * Single messages first; then of those to many as the domain's day has room for, counted on `day`, unless an
 * election commands silence: they keep their place until it is over.
 */
async function claimNext(
  { database: { db }, log }: DeliverDeps,
  scope: Scope,
  { holder, domain, hush }: { holder: string; domain: string; hush: Hush },
): Promise<{ claimed: ClaimedMail[]; day?: string }> {
  const now = scope.now();
  const by = { organizationId: scope.organization.id, holder, now, limit: batch };
  const single = await claimMails(db, { ...by, bulk: false });
  if (single.length > 0 || (await isSilent(hush, log))) return { claimed: single };
  const day = dayOf(now);
  return { claimed: await claimBulk(db, { ...by, domain, day, ceilingOf }), day };
}

/** Nobody can tell: as if it were. */
function isSilent(hush: Hush, log: DeliverDeps['log']): Promise<boolean> {
  return hush().then(Boolean, (error: unknown) => {
    log.warn(
      { err: error },
      'whether an election commands silence cannot be told: messages to many wait',
    );
    return true;
  });
}

/** Asked once a batch: after a yes, silence means that a message may have gone out. */
async function answers(
  { database, log }: DeliverDeps,
  ask: { server: Server; scope: Scope; holder: string; claimed: ClaimedMail[] },
): Promise<boolean> {
  try {
    await ask.server.verify();
    return true;
  } catch (error) {
    const answer = answerOf(error);
    const dueAt = new Date(ask.scope.now().getTime() + pauseAfterSilence);
    const ids = ask.claimed.map(({ id }) => id);
    await giveBackMails(database.db, ids, { holder: ask.holder, dueAt, answer, tried: false });
    log.warn(
      { organizationId: ask.scope.organization.id, answer },
      'the mail server does not answer',
    );
    return false;
  }
}

interface Sending {
  server: Server;
  scope: Scope;
  way: MailWay;
  mail: ClaimedMail;
  holder: string;
  /** Of messages to many alone. */
  toMany: { hush: Hush; domain: string; day: string } | undefined;
}

/** Whether the server took it. */
async function sendOne({ database }: DeliverDeps, sending: Sending): Promise<boolean> {
  const { server, scope, way, mail, holder, toMany } = sending;
  if (await isHushed(database.db, sending)) return false;
  if (!(await markHanded(database.db, mail.id, holder, scope.now()))) return false;
  const { to, subject, html, text, messageId, attempts, headers } = mail;
  const letter = { ...sentBy(mail, way), to, subject, html, text, messageId, headers };
  const hand = (cut?: AbortSignal) => handOver(server, scope, letter, { attempts, cut });
  const end = await (toMany ? toMany.hush.during(hand) : hand());
  const now = scope.now();
  if (end.state === 'later') {
    const dueAt = new Date(now.getTime() + 60_000 * 4 ** Math.min(mail.attempts - 1, 5));
    await giveBackMails(database.db, [mail.id], { holder, dueAt, answer: end.answer, tried: true });
  } else {
    await settleMail(database.db, mail.id, { state: end.state, answer: end.answer, now, holder });
  }
  return end.state === 'accepted';
}

/** The signature is the domain's: a sender on another is thrown away (DMARC). */
function sentBy({ sender }: ClaimedMail, way: MailWay): MailSender {
  const isOurs = sender && domainOf(sender.from.address) === domainOf(way.from.address);
  const { from, replyTo } = isOurs ? sender : way;
  return { from, ...(replyTo && { replyTo }) };
}

/** Put back untouched when silence came after it was claimed, or nobody can tell whether it did. */
async function isHushed(db: Db, { scope, mail, holder, toMany }: Sending): Promise<boolean> {
  if (!toMany) return false;
  const { hush, domain, day } = toMany;
  const silenced = await hush().catch(() => 'unread' as const);
  if (!silenced) return false;
  const words = silenced === 'unread' ? undefined : silenceWords(scope, silenced);
  const answer = words ? scope.t('mail.silence.answer', words) : scope.t('mail.silence.unread');
  await giveBackMails(db, [mail.id], { holder, dueAt: scope.now(), answer, tried: false });
  await giveBackDay(db, { domain, day, count: 1 });
  return true;
}

/** Answers for how many it was true. */
async function inLanes<T>(all: readonly T[], run: (one: T) => Promise<boolean>): Promise<number> {
  const left = [...all];
  let count = 0;
  const lane = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      if (await run(one)) count += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return count;
}

async function settleDead({ database, log }: DeliverDeps, lease: Lease, now: Date): Promise<void> {
  const dead = await lease.dead(await findMailHolders(database.db));
  if (dead.length === 0) return;
  const unknown = await settleLost(database.db, dead, now);
  if (unknown > 0) log.warn({ unknown }, 'messages were handed over when a worker died');
}
