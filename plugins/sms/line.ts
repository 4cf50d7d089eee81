// A line to a gateway that keeps what it handed over: with its reference, so that receipts find their message.
import { type Gathered, gathered, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type AccountRow, noteAway } from './gateway-account.sql.ts';
import { connect } from './gateway-account.ts';
import type { HandedSms, SmsMessage } from './index.ts';
import { type Outgoing, saveOutgoing } from './message.sql.ts';
import { handle, settleReceipts } from './news.ts';

export interface KeptLine {
  lanes: number;
  /** Never throws: what was handed over but could not be written down is `accepted` all the same. */
  hand(message: SmsMessage & { personId?: string }, cut: AbortSignal): Promise<HandedSms>;
  /** After all that was handed over is written down. */
  close(): Promise<void>;
}

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
  const settling = gathered<string>((references) =>
    settleReceipts(scope, deps, row.id, references),
  );
  const keep = gathered<Outgoing>((messages) => keepAll(scope, row, messages, settling));
  return {
    lanes: info.lanes,
    async hand({ personId, ...message }, cut) {
      const handed = await line.hand(message, cut);
      taken.any ||= handed.state === 'accepted';
      taken.none ||= handed.state === 'later';
      const { key, to, from, text, parts } = message;
      const costMilli = handed.state === 'refused' ? 0 : parts * row.priceMilli;
      const { currency } = row;
      const sizes = { parts, costMilli, currency };
      const kept = keep.add({ key, number: to, sender: from, text, ...sizes, personId, handed });
      await kept.catch(() => undefined);
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
