// Batches: opened with a slip, filled gift by gift, closed when they add up, with the papers that prove it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { invalid, notFound, refused, type Scope } from 'rostra/plugin';
import {
  type Batch,
  type BatchValues,
  closeBatch as close,
  findBatch,
  insertBatch,
  insertEvidence,
  lockBatch,
  updateBatch,
} from './batch.sql.ts';
import type { Deps } from './deps.ts';
import { findDonation } from './donation.sql.ts';
import { insertEntry } from './ledger.sql.ts';
import { sayMoney } from './money.ts';
import { demandOffice } from './office.ts';
import { demandOpen } from './recipient.ts';

export function openBatch(
  scope: Scope,
  deps: Deps,
  recipientId: string,
  values: BatchValues,
): Promise<string> {
  return scope.write(async (own) => {
    const { closedAt } = await demandOffice(own, recipientId, 'record');
    demandOpen(closedAt, recipientId);
    const id = await insertBatch(own, recipientId, values);
    await note(own, deps, 'opened', id);
    return id;
  });
}

export function changeBatch(scope: Scope, id: string, values: BatchValues): Promise<void> {
  return scope.write(async (own) => {
    const batch = await demandOpenBatch(own, id);
    await updateBatch(own, id, { ...values, method: batch.method });
  });
}

/** Its gifts must add up to what the slip says; cheques and cash are at the bank from then on. */
export function closeBatch(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const batch = await demandOpenBatch(own, id);
    const { declaredMinor, sumMinor, method, recipientId, depositedOn } = batch;
    if (!depositedOn)
      throw invalid([{ path: '/depositedOn', message: 'fundraising.fault.deposited' }]);
    if (declaredMinor !== sumMinor) {
      const { currency } = await demandOffice(own, recipientId, 'record');
      const say = (minor: number) => sayMoney(own, minor, currency);
      const params = { declared: say(declaredMinor ?? 0), sum: say(sumMinor) };
      throw invalid([{ path: '/declared', message: 'fundraising.fault.batch-sum', params }]);
    }
    await close(own, id);
    if (method !== 'transfer') {
      await insertEntry(own, {
        ...{ recipientId, kind: 'deposit', reference: id, day: depositedOn },
        postings: { bank: sumMinor, [method === 'cash' ? 'cash' : 'cheques']: -sumMinor },
      });
    }
    await note(own, deps, 'closed', id);
  });
}

export async function demandBatch(scope: Scope, id: string): Promise<Batch> {
  const batch = await findBatch(scope, id);
  if (!batch) throw notFound('batch', id);
  return batch;
}

/** Locked: a gift does not slip into one that is being closed. */
export async function demandOpenBatch(scope: Scope, id: string): Promise<Batch> {
  const batch = await lockBatch(scope, id);
  if (!batch) throw notFound('batch', id);
  await demandOffice(scope, batch.recipientId, 'record');
  if (batch.closedAt) throw refused('fundraising.batch-closed', { batchId: id });
  return batch;
}

const mostBytes = 8 * 1024 * 1024;
/** By their first bytes, whatever the file is called. */
const kinds: readonly [string, Buffer][] = [
  ['application/pdf', Buffer.from('%PDF-')],
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
];

/** A scan of a cheque, a slip, a statement: kept where only those in office see it. */
export async function keepEvidence(
  scope: Scope,
  deps: Deps,
  file: { path: string; name: string },
  of: { donationId?: string; batchId?: string },
): Promise<void> {
  const content = await readFile(file.path);
  const type = kinds.find(([, mark]) => content.subarray(0, mark.length).equals(mark))?.[0];
  if (!type || content.length > mostBytes) {
    throw invalid([{ path: '/file', message: 'fundraising.fault.evidence' }]);
  }
  await scope.write(async (own) => {
    const recipientId = await recipientOf(own, of);
    await demandOffice(own, recipientId, 'record');
    const digest = createHash('sha256').update(content).digest();
    const name = file.name.slice(0, 200) || 'scan';
    await insertEvidence(own, { ...of, recipientId, name, type, digest, content });
    const subject = of.batchId
      ? { type: 'batch', id: of.batchId }
      : { type: 'donation', id: of.donationId ?? '' };
    await deps.audit.record(own, { act: 'evidence.kept', subject });
  });
}

async function recipientOf(
  scope: Scope,
  { donationId, batchId }: { donationId?: string; batchId?: string },
): Promise<string> {
  const found = batchId
    ? await findBatch(scope, batchId)
    : await findDonation(scope, donationId ?? '');
  if (!found) throw notFound(batchId ? 'batch' : 'donation', batchId ?? donationId);
  return found.recipientId;
}

async function note(scope: Scope, deps: Deps, verb: string, id: string): Promise<void> {
  await deps.audit.record(scope, { act: `batch.${verb}`, subject: { type: 'batch', id } });
}
