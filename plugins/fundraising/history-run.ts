// Gifts from before Rostra: the dry run and the run, row by row, each from where it was cut off.
import { isAppError, type Scope } from 'rostra/plugin';
import { actOf, todayOf } from './day.ts';
import type { Deps } from './deps.ts';
import { insertDonation, type NewDonation } from './donation.sql.ts';
import { findDonor, lockDonor } from './donor.ts';
import { findHistory, type History, moveHistory, tellDone, updateCounts } from './history.sql.ts';
import {
  countRows,
  deleteRows,
  findRows,
  judgeRows,
  markKnown,
  type Verdict,
} from './history-row.sql.ts';
import { type PastGift, type Reading, readRow } from './history-row.ts';
import { demandOffice } from './office.ts';
import type { Recipient } from './recipient.sql.ts';
import { settleAccepted } from './settle.ts';
import { type Judgement, judge, type Offer, openTill, type Till } from './till.ts';

const looked = 500;
const brought = 50;

/** What is due of it: the dry run, or the run, from where it was cut off. */
export async function runHistory(scope: Scope, deps: Deps, id: string): Promise<void> {
  const history = await findHistory(scope, id);
  if (!history) return;
  const recipient = await demandOffice(scope, history.recipientId, 'read');
  const task = { history, recipient, reading: readingOf(scope, history, recipient) };
  if (history.state === 'checking') await look(scope, deps, task);
  if (history.state === 'running') await bring(scope, deps, task);
}

interface Task {
  history: History;
  recipient: Recipient;
  reading: Reading;
}

function readingOf(scope: Scope, history: History, { currency }: Recipient): Reading {
  const { columns, fields = [], method = 'transfer', dateOrder = 'day' } = history;
  return {
    ...{ fields, method, dateOrder, currency },
    width: columns.length,
    today: todayOf(scope),
  };
}

async function look(scope: Scope, deps: Deps, { history, recipient, reading }: Task) {
  const { id } = history;
  const capOf = caps(scope, recipient);
  const donors = new Map<string, string>();
  for (let after = 0; ; ) {
    const rows = await findRows(scope, id, { state: 'staged', after, most: looked });
    if (rows.length === 0) break;
    after = rows.at(-1)?.line ?? after;
    await scope.write(async (own) => {
      const verdicts: Verdict[] = [];
      for (const { line, cells } of rows) {
        const { gift, reason } = readRow(cells, reading);
        if (!gift) verdicts.push({ line, state: 'refused', reason });
        else
          verdicts.push({
            line,
            state: 'ready',
            ...(await weigh(own, deps, gift, { capOf, donors })),
          });
      }
      await judgeRows(own, id, verdicts);
      await tellDone(own, id, rows.length);
    });
  }
  await scope.write(async (own) => {
    await markKnown(own, id);
    await updateCounts(own, id, await countRows(own, id));
    await moveHistory(own, id, ['checking'], 'checked');
  });
}

/** Who gives gives often: each is asked for once while their gifts come together. */
async function weigh(
  scope: Scope,
  deps: Deps,
  gift: PastGift,
  { capOf, donors }: { capOf: CapOf; donors: Map<string, string> },
) {
  const { key, amountMinor, donorType: type, identity } = gift;
  const { emailAddress, legalName, givenName, familyName, address } = identity;
  const who = JSON.stringify([emailAddress, legalName, givenName, familyName, address?.postcode]);
  if (donors.size > 20_000) donors.clear();
  const donor = donors.get(who) ?? (await findDonor(scope, deps, { type, identity }));
  donors.set(who, donor);
  const cap = capOf(gift);
  return { key, donor, amountMinor, capScope: cap?.scope, capMinor: cap?.minor };
}

type CapOf = (gift: PastGift) => Judgement['cap'];

/** The law of each day is asked once while the days come together. */
function caps(scope: Scope, recipient: Recipient): CapOf {
  const tills = new Map<string, Till>();
  return (gift) => {
    const { givenOn, amountMinor, method, identity, donorType } = gift;
    if (tills.size > 500) tills.clear();
    const till = tills.get(givenOn) ?? openTill(scope, recipient, actOf(givenOn));
    tills.set(givenOn, till);
    const nobody = { qualities: [], excluded: [], attested: [], isAnonymous: false };
    const offer: Offer = { givenOn, amountMinor, method, identity, donorType, ...nobody };
    return judge(till, offer, { yearMinor: 0, cashMinor: 0 }).cap;
  };
}

async function bring(scope: Scope, deps: Deps, { history, recipient, reading }: Task) {
  const { id } = history;
  const capOf = caps(scope, recipient);
  for (;;) {
    const rows = await findRows(scope, id, { state: 'ready', after: 0, most: brought });
    if (rows.length === 0) break;
    await scope.write(async (own) => {
      const lost: Verdict[] = [];
      for (const { line, cells, key } of rows) {
        const { gift, reason } = readRow(cells, reading);
        const why = gift
          ? await enter(own, deps, recipient, { ...gift, key: key ?? gift.key }, capOf)
          : reason;
        if (why) lost.push({ line, state: 'refused', reason: why });
      }
      const gone = new Set(lost.map(({ line }) => line));
      await judgeRows(own, id, lost);
      await deleteRows(
        own,
        id,
        rows.map(({ line }) => line).filter((line) => !gone.has(line)),
      );
      await tellDone(own, id, rows.length);
    });
  }
  await scope.write((own) => finish(own, deps, id));
}

/** Counts in no ledger and raises no cap; what is asked of the donor later is judged with it. */
async function enter(
  scope: Scope,
  deps: Deps,
  recipient: Recipient,
  gift: PastGift,
  capOf: CapOf,
): Promise<string | undefined> {
  try {
    const giver = { type: gift.donorType, identity: gift.identity };
    const donor = await lockDonor(scope, deps, giver);
    const values = rowOf(recipient, gift, donor.id, capOf(gift));
    const made = await insertDonation(scope, values);
    if (made) await settleAccepted(scope, deps, { ...values, ...made }, giver, { donor });
    return undefined;
  } catch (error) {
    if (isAppError(error)) return 'fundraising.history.fault.donor';
    throw error;
  }
}

function rowOf(
  { id: recipientId, currency }: Recipient,
  gift: PastGift,
  donorId: string,
  cap: Judgement['cap'],
): NewDonation {
  const { key, amountMinor, givenOn, method, identity, fund, tracking, reference } = gift;
  return {
    ...{
      recipientId,
      currency,
      key,
      amountMinor,
      givenOn,
      method,
      identity,
      fund,
      tracking,
      donorId,
    },
    ...{ state: 'accepted', source: 'history', statementReference: reference },
    ...{ attested: [], decision: [], capScope: cap?.scope, capMinor: cap?.minor },
    ...{ pageId: undefined, recruiterId: undefined, batchId: undefined, why: undefined },
    returnBy: undefined,
  };
}

/** The rows that are known need not wait a month; those refused do, to be mended. */
async function finish(scope: Scope, deps: Deps, id: string): Promise<void> {
  const counts = (await findHistory(scope, id))?.counts;
  const left = await countRows(scope, id);
  if (counts) {
    const fresh = counts.fresh - (left.refusedRows - counts.refusedRows);
    await updateCounts(scope, id, { ...counts, fresh, ...only(left) });
  }
  for (;;) {
    const known = await findRows(scope, id, { state: 'known', after: 0, most: 1_000 });
    if (known.length === 0) break;
    await deleteRows(
      scope,
      id,
      known.map(({ line }) => line),
    );
  }
  await moveHistory(scope, id, ['running'], 'done');
  await deps.cache.drop(scope);
}

const only = ({ refused, refusedRows }: NonNullable<History['counts']>) => ({
  ...{ refused, refusedRows },
});
