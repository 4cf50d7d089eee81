// The ledger's rows: entries and their postings, added and sealed, never changed.
import { prepared, type Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

export type EntryKind =
  | ('donation' | 'held' | 'returned' | 'fee')
  | ('refund' | 'dispute' | 'dispute_won' | 'deposit' | 'payout');
export type LedgerAccount =
  | ('bank' | 'provider' | 'cash' | 'cheques')
  | ('donations' | 'held' | 'fees' | 'disputes' | 'losses');

export interface NewEntry {
  recipientId: string;
  kind: EntryKind;
  donationId?: string;
  /** The same twice is one entry. */
  reference: string;
  /** ISO date. */
  day: string;
  /** Whole numbers that add up to nothing; positive is a debit. */
  postings: Partial<Record<LedgerAccount, number>>;
}
export interface Entry {
  id: string;
  kind: EntryKind;
  donationId: string | undefined;
  reference: string;
  day: string;
  at: Date;
  position: number | undefined;
  hash: Buffer | undefined;
  postings: Partial<Record<LedgerAccount, number>>;
}

/**
 * In the caller's transaction; the same kind and reference again adds nothing. Answers whether it is new. A job seals it
 * within a minute: asked for here, one gift would wait for the other.
 */
export async function insertEntry(scope: Scope, entry: NewEntry): Promise<boolean> {
  const { postings, donationId, ...values } = entry;
  const lines = Object.entries(postings).filter(([, minor]) => minor !== 0);
  const made = await prepared(
    scope.db,
    `with line as (
       insert into fundraising.entry (recipient_id, kind, donation_id, reference, day, at)
       values (:recipientId, :kind, :donationId, :reference, :day, :now)
       on conflict (recipient_id, kind, reference) do nothing returning id)
     insert into fundraising.posting (entry_id, account, amount_minor)
     select line.id, p.account, p.minor from line,
       jsonb_to_recordset(cast(:postings as jsonb)) as p (account text, minor bigint)`,
    {
      ...values,
      donationId: donationId ?? null,
      postings: JSON.stringify(lines.map(([account, minor]) => ({ account, minor }))),
      now: scope.now(),
    },
  );
  return made.rowCount > 0;
}

/** What stands on each account. */
export async function sumBalances(
  scope: Scope,
  recipientId: string,
): Promise<Partial<Record<LedgerAccount, number>>> {
  const found = await scope.db.raw(
    `select p.account, sum(p.amount_minor) as minor
     from fundraising.entry e join fundraising.posting p on p.entry_id = e.id
     where e.recipient_id = :recipientId and ${held(scope, 'e.recipient_id')} group by p.account`,
    { recipientId, ...heldBy(scope) },
  );
  return balancesOf(found.rows);
}

const entryColumns = `e.id, e.kind, e.donation_id as "donationId", e.reference, to_char(e.day, 'YYYY-MM-DD') as day,
  e.at, e.position, e.hash, (select jsonb_object_agg(p.account, p.amount_minor)
    from fundraising.posting p where p.entry_id = e.id) as postings`;

/** In the order of the chain, after a position. */
export async function findSealed(
  scope: Scope,
  recipientId: string,
  after: number,
  most: number,
): Promise<Entry[]> {
  const found = await scope.db.raw(
    `select ${entryColumns} from fundraising.entry e
     where e.recipient_id = :recipientId and e.position > :after and ${held(scope, 'e.recipient_id')}
     order by e.position limit :most`,
    { recipientId, after, most, ...heldBy(scope) },
  );
  return found.rows.map(entryOf);
}

/** Of one donation, the oldest first. */
export async function findEntriesOf(scope: Scope, donationId: string): Promise<Entry[]> {
  const found = await prepared(
    scope.db,
    `select ${entryColumns} from fundraising.entry e
     where e.donation_id = :donationId and ${held(scope, 'e.recipient_id')} order by e.id`,
    { donationId, ...heldBy(scope) },
  );
  return found.rows.map(entryOf);
}

/** One sealer of a recipient's chain at a time, to the end of the transaction; the end of the chain so far. */
export async function lockLedger(
  scope: Scope,
  recipientId: string,
): Promise<{ position: number; hash: Buffer } | undefined> {
  await scope.db.raw(`select pg_advisory_xact_lock(hashtext('fundraising.entry'), :key)`, {
    key: Number(BigInt.asIntN(32, BigInt(recipientId))),
  });
  const found = await scope.db.raw(
    `select position, hash from fundraising.entry
     where recipient_id = :recipientId and position is not null order by position desc limit 1`,
    { recipientId },
  );
  const [last] = found.rows;
  return last && { position: Number(last.position), hash: last.hash };
}

export async function findUnsealed(
  scope: Scope,
  recipientId: string,
  most: number,
): Promise<Entry[]> {
  const found = await scope.db.raw(
    `select ${entryColumns} from fundraising.entry e
     where e.recipient_id = :recipientId and e.position is null order by e.id limit :most`,
    { recipientId, most },
  );
  return found.rows.map(entryOf);
}

export async function sealEntries(
  scope: Scope,
  links: readonly { id: string; position: number; hash: string }[],
): Promise<void> {
  await scope.db.raw(
    `update fundraising.entry e set position = l.position, hash = decode(l.hash, 'hex')
     from jsonb_to_recordset(cast(:links as jsonb)) as l (id bigint, position bigint, hash text)
     where e.id = l.id`,
    { links: JSON.stringify(links) },
  );
}

/** Recipients below the scope with something that is not in the chain yet. */
export async function findUnsealedRecipients(scope: Scope): Promise<string[]> {
  const found = await scope.db.raw(
    `select distinct e.recipient_id as id from fundraising.entry e
     where e.position is null and ${held(scope, 'e.recipient_id')}`,
    heldBy(scope),
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

/** A donation and the ledger must tell of the same money; those that do not. */
export async function findDifferences(
  scope: Scope,
): Promise<{ donationId: string; kept: number; entered: number }[]> {
  const found = await scope.db.raw(
    `select d.id as "donationId", k.kept, coalesce(l.entered, 0) as entered
     from fundraising.donation d
     cross join lateral (select case when d.state in ('accepted', 'refunded')
       then d.amount_minor - d.refunded_minor else 0 end as kept) k
     left join lateral (select -sum(p.amount_minor) as entered
       from fundraising.entry e join fundraising.posting p on p.entry_id = e.id
       where e.donation_id = d.id and p.account = 'donations') l on true
     where d.source <> 'history' and k.kept <> coalesce(l.entered, 0) and ${held(scope, 'd.recipient_id')}
     order by d.id limit 100`,
    heldBy(scope),
  );
  return found.rows.map((row: { donationId: string; kept: string; entered: string }) => ({
    donationId: row.donationId,
    kept: Number(row.kept),
    entered: Number(row.entered),
  }));
}

export function balancesOf(
  rows: readonly { account: LedgerAccount; minor: string }[],
): Partial<Record<LedgerAccount, number>> {
  return Object.fromEntries(rows.map(({ account, minor }) => [account, Number(minor)]));
}

function entryOf(row: Record<string, unknown>): Entry {
  return fromRow<Entry>(row, ['position']);
}
