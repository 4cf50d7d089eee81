// Before a batch is handed over: whoever knows its readers says which of it may not go, whatever its sender believed.
import type { Offer } from '../container.ts';
import type { Db } from '../database/connect.ts';
import { refused } from '../errors.ts';
import type { Log } from '../log.ts';
import type { MailLeaving, MailRefusals } from '../mail-services.ts';
import { MailRefusals as Point } from '../mail-services.ts';
import type { Registry } from '../registry.ts';
import type { Scope } from '../scope.ts';
import { type ClaimedMail, giveBackMails, refuseClaimed } from './mail.sql.ts';
import { giveBackDay } from './warm-up.sql.ts';

const pauseUntold = 60_000;

/**
 * Throws while somebody who would know cannot be asked, and for a message that says what it is for while nobody is there
 * to say whether that is allowed. `silentOf`: plugins that know and are not on for the scope.
 */
export function makeMailRefusals(
  knowersOf: (scope: Scope) => Offer<MailRefusals>[],
  silentOf: (scope: Scope) => string[] = () => [],
): MailRefusals {
  return {
    async refusalsOf(scope, messages) {
      const [plugin] = silentOf(scope);
      const knowers = knowersOf(scope);
      const isUntold = knowers.length === 0 && messages.some(({ purpose }) => purpose);
      if (plugin || isUntold) throw refused('core.mail-unasked', { status: 503, plugin });
      const told = await Promise.all(
        knowers.map(({ service }) => service.refusalsOf(scope, messages)),
      );
      return messages.map((_, at) => told.map((all) => all[at]).find((why) => why !== undefined));
    },
  };
}

/** Plugins that keep what people said no to and cannot be asked here: off, asleep or out of order, with what they keep. */
export function silentKnowers(registry: Registry): (scope: Scope) => string[] {
  return ({ organization }) =>
    registry
      .all()
      .filter(({ manifest }) => manifest.offers?.includes(Point.id))
      .map(({ manifest, state }) => ({ id: manifest.id, state }))
      .filter(({ id, state }) => {
        const found = registry.standing(id, organization);
        return !found.on && (state !== 'absent' || found.by === 'not-loaded');
      })
      .map(({ id }) => id);
}

interface Batch {
  scope: Scope;
  holder: string;
  claimed: ClaimedMail[];
  /** Of messages to many: whose day they were counted on. */
  counted: { domain: string; day: string } | undefined;
}

/** Answers what may leave: the rest is refused for good, or waits while nobody can tell. */
export async function keepBack(
  { db, log, refusals }: { db: Db; log: Log; refusals: MailRefusals },
  { scope, holder, claimed, counted }: Batch,
): Promise<ClaimedMail[]> {
  const now = scope.now();
  const asked = claimed.filter(({ despiteNo }) => !despiteNo);
  const told = await tell(refusals, scope, asked).catch((error: unknown) => {
    log.warn({ err: error }, 'who may be written to cannot be told: messages wait');
    return undefined;
  });
  const kept = told ? asked.filter(({ id }) => told.has(id)) : asked;
  if (told) {
    for (const { id } of kept) {
      await refuseClaimed(db, id, { holder, now, answer: told.get(id) ?? '' });
    }
  } else {
    const dueAt = new Date(now.getTime() + pauseUntold);
    const back = { holder, dueAt, answer: scope.t('mail.unasked'), tried: false };
    await giveBackMails(
      db,
      kept.map(({ id }) => id),
      back,
    );
  }
  if (counted && kept.length > 0) await giveBackDay(db, { ...counted, count: kept.length });
  return claimed.filter((mail) => !kept.includes(mail));
}

async function tell(
  refusals: MailRefusals,
  scope: Scope,
  asked: readonly ClaimedMail[],
): Promise<Map<string, string>> {
  if (asked.length === 0) return new Map();
  const answers = await refusals.refusalsOf(scope, asked.map(leaving));
  return new Map(
    asked.flatMap(({ id }, at) => {
      const why = answers[at];
      return why === undefined ? [] : [[id, why] as const];
    }),
  );
}

function leaving({ to, bulk, personId, purpose, topic }: ClaimedMail): MailLeaving {
  const about = { ...(purpose && { purpose }), ...(topic && { topic }) };
  return { to, bulk, ...(personId && { personId }), ...about };
}
