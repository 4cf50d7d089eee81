// What gateways tell: receipts, in whatever order and however often, and messages that came.
import type { Report } from 'rostra/outreach';
import type { UndeliveredText } from 'rostra/people';
import type { EventPayloads, Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type AccountRow, findAccount } from './gateway-account.sql.ts';
import { receive } from './inbound.ts';
import type { Inbound, News, Receipt } from './index.ts';
import {
  findSettled,
  findUnheard,
  noteActedOn,
  type Settled,
  saveInbound,
  saveReceipts,
  settle,
  type Unheard,
} from './message.sql.ts';

/** When it is done, all of it is kept; the same again is nothing new. */
export async function handle(
  scope: Scope,
  deps: Deps,
  account: AccountRow,
  news: readonly News[],
): Promise<void> {
  const receipts = news.filter((one): one is Receipt => one.kind === 'receipt');
  if (receipts.length > 0) await keepReceipts(scope, deps, account.id, receipts);
  for (const one of news) {
    if (one.kind === 'inbound') await keepInbound(scope, deps, account, one);
  }
}

async function keepReceipts(
  scope: Scope,
  deps: Deps,
  accountId: string,
  receipts: readonly Receipt[],
): Promise<void> {
  await scope.write((own) => saveReceipts(own, accountId, receipts));
  const references = receipts.map(({ reference }) => reference);
  await settleReceipts(scope, deps, accountId, references);
}

/**
 * In a transaction of its own, after the receipt's or the message's was committed: whichever of the two comes second finds
 * the other.
 */
export async function settleReceipts(
  scope: Scope,
  deps: Deps,
  accountId: string,
  references?: readonly string[],
): Promise<void> {
  await scope.write(async (own) => {
    const settled = await settle(own, accountId, references);
    await report(own, deps, settled);
  });
}

/** Of a message of another part of the party, through an account that both use, that part tells the engine. */
async function report(scope: Scope, deps: Deps, settled: readonly Settled[]): Promise<void> {
  const isOurs = ({ organizationId }: Settled) => scope.bound?.includes(organizationId) ?? true;
  await tell(scope, deps, settled.filter(isOurs));
  const others = settled.filter((one) => !isOurs(one));
  for (const organizationId of new Set(others.map((one) => one.organizationId))) {
    const theirs = others.filter((one) => one.organizationId === organizationId);
    const messageIds = theirs.map(({ id }) => id);
    await deps.events.emit(scope, 'sms.message.settled', { messageIds }, [organizationId]);
  }
}

export async function heardOfSettled(
  scope: Scope,
  deps: Deps,
  { messageIds }: EventPayloads['sms.message.settled'],
): Promise<void> {
  await scope.write(async (own) => {
    const settled = await findSettled(own, messageIds);
    await tell(own, deps, settled);
  });
}

/** What became of the messages to the engine; what that says of their numbers to people. */
async function tell(scope: Scope, deps: Deps, settled: readonly Settled[]): Promise<void> {
  await deps.outreach.reportAll(scope, settled.flatMap(reportOf));
  const failed = settled.filter(({ state }) => state === 'failed');
  await tellNumbers(scope, deps, failed);
}

/** In order, so that two who tell of the same wait for each other and no more. */
export async function tellNumbers(
  scope: Scope,
  deps: Deps,
  those: readonly Pick<Settled, 'number' | 'isPermanent' | 'isLandline' | 'at'>[],
): Promise<void> {
  const dead = those.flatMap(({ number, isPermanent, isLandline, at }): UndeliveredText[] =>
    number && isPermanent ? [{ number, why: isLandline ? 'landline' : 'no-number', at }] : [],
  );
  const inOrder = dead.toSorted((a, b) => (a.number < b.number ? -1 : 1));
  for (const one of inOrder) await deps.returns.undelivered(scope, one);
}

function reportOf({ key, state, isPermanent, answer, at }: Settled): Report[] {
  if (state === 'unknown') return [];
  const kind = state === 'delivered' ? 'delivered' : 'bounced';
  return [{ key, kind, isPermanent, detail: answer, at }];
}

async function keepInbound(
  scope: Scope,
  deps: Deps,
  account: AccountRow,
  inbound: Inbound,
): Promise<void> {
  // PostgreSQL keeps no NUL, and nobody writes ten pages by telephone.
  const text = inbound.text.replaceAll('\0', '').slice(0, 10_000);
  const from = inbound.from.replaceAll('\0', '').slice(0, 40);
  const to = inbound.to.replaceAll('\0', '').slice(0, 40);
  const kept = { ...inbound, text, from, to };
  const came = await scope.write(async (own) => {
    const made = await saveInbound(own, account.id, kept);
    // It is for another part of the party, whose law holds: there it is acted on at once, by a job.
    if (made && made.organizationId !== own.organization.id) {
      const payload = { messageId: made.id };
      await deps.events.emit(own, 'sms.message.came', payload, [made.organizationId]);
    }
    return made;
  });
  if (came?.organizationId !== scope.organization.id) return;
  await actOn(scope, deps, account, { ...kept, id: came.id });
}

async function actOn(
  scope: Scope,
  deps: Deps,
  account: AccountRow,
  inbound: Inbound & { id: string },
): Promise<void> {
  await scope.write(async (own) => {
    if (await noteActedOn(own, inbound.id)) await receive(own, deps, account, inbound);
  });
}

/** At once what came to an account of the party's, and each minute what met a fault. */
export async function actOnRest(scope: Scope, deps: Deps): Promise<void> {
  for (const one of await findUnheard(scope, 500)) {
    const row = await findAccount(scope, one.accountId);
    if (row) await actOn(scope, deps, row, inboundOf(one));
  }
}

function inboundOf({ id, from, to, text, at }: Unheard): Inbound & { id: string } {
  return { kind: 'inbound', id, from, to, text, at };
}
