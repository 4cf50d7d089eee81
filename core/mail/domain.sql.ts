// Rows of sending domains: one for the whole install, since receivers know a sender by its domain.
import type { Db } from '../database/connect.ts';
import type { DnsRecord } from './dns.ts';

export interface DomainReport {
  /** The mail server that SPF was read for. */
  host: string | null;
  records: DnsRecord[];
}

export interface DomainRow {
  domain: string;
  /** Sealed. */
  privateKey: string;
  publicKey: string;
  signs: boolean;
  isWarm: boolean;
  report: DomainReport | null;
  checkedAt: Date | null;
}

export async function findDomain(db: Db, domain: string): Promise<DomainRow | undefined> {
  return db('core.mail_domain')
    .select('domain', 'signs', 'report')
    .select({ privateKey: 'private_key', publicKey: 'public_key', isWarm: 'is_warm' })
    .select({ checkedAt: 'checked_at' })
    .where({ domain })
    .first();
}

/** Whoever comes first makes the key; one that cannot be opened any more gives way. */
export async function insertDomain(
  db: Db,
  key: { domain: string; privateKey: string; publicKey: string; instead?: string; now: Date },
): Promise<void> {
  await db.raw(
    `insert into core.mail_domain as known (domain, private_key, public_key, created_at)
     values (:domain, :privateKey, :publicKey, :now)
     on conflict (domain) do update
       set private_key = excluded.private_key, public_key = excluded.public_key,
           signs = false, report = null, checked_at = null
       where known.private_key = :instead`,
    { ...key, instead: key.instead ?? null },
  );
}

/** `signs` left out: what the DNS said of the key could not be read, so it stays. */
export async function saveReport(
  db: Db,
  domain: string,
  { report, signs, now }: { report: DomainReport; signs: boolean | undefined; now: Date },
): Promise<void> {
  await db('core.mail_domain')
    .where({ domain })
    .update({
      report: JSON.stringify(report),
      checked_at: now,
      ...(signs === undefined ? {} : { signs }),
    });
}

export async function setWarm(db: Db, domain: string, isWarm: boolean): Promise<void> {
  await db('core.mail_domain').where({ domain }).update({ is_warm: isWarm });
}
