// Links what was written since into the chain, and verifies it.
import type { Db } from '../database/connect.ts';
import {
  findLastSealed,
  findSealed,
  findUnsealed,
  lockSealing,
  type Seal,
  type SealedRow,
  writeSeals,
} from './audit.sql.ts';
import { detailDigest, genesis, linkHash } from './chain.ts';

const batch = 1000;

/** Seals all that is committed; answers how many rows. One process at a time; the others leave it. */
export async function sealAudit(db: Db, now: Date): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await db.transaction((transaction) => sealBatch(transaction, now));
    total += sealed;
    if (sealed < batch) return total;
  }
}

async function sealBatch(db: Db, now: Date): Promise<number> {
  if (!(await lockSealing(db))) return 0;
  const rows = await findUnsealed(db, batch);
  if (rows.length === 0) return 0;
  const last = await findLastSealed(db);
  let position = BigInt(last?.position ?? 0);
  let hash = last?.hash ?? genesis;
  const seals: Seal[] = [];
  for (const row of rows) {
    position += 1n;
    hash = linkHash(hash, { ...row, position: String(position) });
    seals.push({ id: row.id, position: String(position), hash });
  }
  await writeSeals(db, seals, now);
  return seals.length;
}

export interface AuditReport {
  rows: number;
  /** Rows whose personal part was erased. */
  erased: number;
  /** A sentence each, at most twenty; none when the chain is whole. */
  faults: string[];
}

const faultsTold = 20;

/** Reads the whole chain, a batch at a time. */
export async function verifyAudit(db: Db): Promise<AuditReport> {
  const report: AuditReport = { rows: 0, erased: 0, faults: [] };
  let previous = genesis;
  let position = '0';
  for (;;) {
    const rows = await findSealed(db, position, batch);
    for (const row of rows) {
      if (report.faults.length < faultsTold)
        report.faults.push(...faultsOf(row, position, previous));
      report.rows += 1;
      if (!row.salt) report.erased += 1;
      previous = row.hash;
      position = row.position;
    }
    if (rows.length < batch) return report;
  }
}

function* faultsOf(row: SealedRow, before: string, previous: Buffer): Iterable<string> {
  const expected = BigInt(before) + 1n;
  if (BigInt(row.position) !== expected) {
    yield `Audit row ${expected} of the chain is missing: the next is ${row.position}.`;
  } else if (!linkHash(previous, row).equals(row.hash)) {
    yield `Audit row ${row.position} (id ${row.id}) was altered, or one before it was.`;
  }
  const { salt, actorName, details } = row;
  if (!salt) return;
  const digest = detailDigest(salt, { actorName: actorName ?? undefined, details });
  if (!digest.equals(row.detailDigest)) {
    yield `The details of audit row ${row.position} (id ${row.id}) were altered.`;
  }
}
