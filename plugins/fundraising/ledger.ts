// The ledger: what happened to the money, in double entry, sealed in one chain a recipient.
import { createHash } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import {
  type Entry,
  findDifferences,
  findSealed,
  findUnsealed,
  findUnsealedRecipients,
  lockLedger,
  sealEntries,
} from './ledger.sql.ts';
import { findFaults } from './payment.sql.ts';
import { findStrangePayouts } from './payout.sql.ts';
import { findRecipients } from './recipient.sql.ts';

const batch = 2_000;

/** All that is committed goes into the chains. */
export async function sealAll(scope: Scope): Promise<void> {
  for (const recipientId of await findUnsealedRecipients(scope)) await seal(scope, recipientId);
}

export function seal(scope: Scope, recipientId: string): Promise<void> {
  return scope.write(async (own) => {
    let last = (await lockLedger(own, recipientId)) ?? {
      position: 0,
      hash: genesisOf(recipientId),
    };
    for (;;) {
      const entries = await findUnsealed(own, recipientId, batch);
      const links = entries.map((entry) => {
        const position = last.position + 1;
        last = { position, hash: linkHash(last.hash, position, entry) };
        return { id: entry.id, position, hash: last.hash.toString('hex') };
      });
      if (links.length > 0) await sealEntries(own, links);
      if (entries.length < batch) return;
    }
  });
}

/** A sentence a fault, for `rostra doctor`. */
export async function checkLedgers(scope: Scope): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, name } of await findRecipients(scope)) {
    const position = await findBreak(scope, id);
    if (position !== undefined) faults.push(scope.t('fundraising.check.chain', { name, position }));
  }
  for (const { donationId, kept, entered } of await findDifferences(scope)) {
    faults.push(scope.t('fundraising.check.sum', { donationId, kept, entered }));
  }
  for (const { donationId, fault } of await findFaults(scope)) {
    faults.push(scope.t('fundraising.check.payment', { donationId, fault }));
  }
  for (const payout of await findStrangePayouts(scope)) {
    faults.push(scope.t('fundraising.check.payout', payout));
  }
  return faults;
}

/** The first place at which the chain does not hold; `undefined` when it is whole. */
export async function findBreak(scope: Scope, recipientId: string): Promise<number | undefined> {
  let hash = genesisOf(recipientId);
  let position = 0;
  for (;;) {
    const entries = await findSealed(scope, recipientId, position, batch);
    for (const entry of entries) {
      position += 1;
      hash = linkHash(hash, position, entry);
      if (entry.position !== position || !entry.hash?.equals(hash)) return position;
    }
    if (entries.length < batch) return undefined;
  }
}

export function genesisOf(recipientId: string): Buffer {
  return createHash('sha256').update(`rostra ledger ${recipientId}`).digest();
}

/** What the chain vouches for; nothing of it is personal. */
export function linkHash(previous: Buffer, position: number, entry: Entry): Buffer {
  const postings = Object.entries(entry.postings).sort(([a], [b]) => (a < b ? -1 : 1));
  const words = [
    position,
    entry.id,
    entry.kind,
    entry.donationId ?? null,
    entry.reference,
    entry.day,
    entry.at.toISOString(),
    postings,
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(words)).digest();
}
