// A line to a gateway that keeps what it handed over: with its reference, so that receipts find their message.
import { type Gathered, gathered, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type AccountRow, noteAway } from './gateway-account.sql.ts';
import { connect } from './gateway-account.ts';
import type { HandedSms, SmsMessage } from './index.ts';
import { type Outgoing, saveOutgoing } from './message.sql.ts';
import { handle, settleReceipts, tellNumbers } from './news.ts';
import { paceOf, type Turn } from './pace.ts';

export interface KeptLine {
  lanes: number;
  /** Awaited before each message. */
  turn: Turn;
  /** Never throws: what was handed over but could not be written down is `accepted` all the same. */
  hand(message: SmsMessage & { personId?: string }, cut: AbortSignal): Promise<HandedSms>;
  /** After all that was handed over is written down. */
  close(): Promise<void>;
}

type Refused = Parameters<typeof tellNumbers>[2][number];

/** Throws `unavailable` when the gateway's plugin is off, or nobody answers. */
export async function openLine(scope: Scope, deps: Deps, row: AccountRow): Promise<KeptLine> {
  const { service, account, info } = await connect(scope, deps, row);
  const line = await service
    .open(scope, account, (news) => handle(scope, deps, row, news))
    .catch(async (error: unknown) => {
      await told(scope, row, true);
      throw error;
    });
  const taken = { any: false, none: false };
  const dead: Refused[] = [];
  const settling = gathered<string>((references) =>
    settleReceipts(scope, deps, row.id, references),
  );
  const keep = gathered<Outgoing>((messages) => keepAll(scope, row, messages, settling));
  return {
    lanes: info.lanes,
    turn: paceOf(scope, row),
    async hand({ personId, ...message }, cut) {
      const handed = await line.hand(message, cut);
      taken.any ||= handed.state === 'accepted';
      taken.none ||= handed.state === 'later';
      const { isPermanent = false, isLandline = false } = handed;
      if (isPermanent) dead.push({ number: message.to, isPermanent, isLandline, at: scope.now() });
      const { key, to, from, text, parts } = message;
      const costMilli = handed.state === 'refused' ? 0 : parts * row.priceMilli;
      const { currency } = row;
      const sizes = { parts, costMilli, currency };
      const kept = keep.add({ key, number: to, sender: from, text, ...sizes, personId, handed });
      await kept.catch(() => undefined);
      // Where it takes nobody's, the fault may be the account's: nothing is said of the numbers.
      if (taken.any && dead.length > 0) await tellDead(scope, deps, dead.splice(0));
      return handed;
    },
    async close() {
      line.close();
      await keep.end();
      await settling.end();
      if (taken.any || taken.none) await told(scope, row, !taken.any);
    },
  };
}

/** What fails there is found out anew the next time. */
async function tellDead(scope: Scope, deps: Deps, dead: readonly Refused[]): Promise<void> {
  await scope.write((own) => tellNumbers(own, deps, dead)).catch(() => undefined);
}

/** Staff read it where they wait for answers; that it could not be written down keeps nothing from leaving. */
async function told(scope: Scope, { id }: AccountRow, isAway: boolean): Promise<void> {
  await scope.write((own) => noteAway(own, id, isAway)).catch(() => undefined);
}

/** Whoever hands over does not wait for receipts that came before: what fails there is made good within a minute. */
async function keepAll(
  scope: Scope,
  { id }: AccountRow,
  messages: readonly Outgoing[],
  settling: Gathered<string>,
): Promise<void> {
  await scope.write((own) => saveOutgoing(own, id, messages));
  for (const { handed } of messages) {
    if (handed.reference) settling.add(handed.reference).catch(() => undefined);
  }
}
