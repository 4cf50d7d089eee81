// Rows of the audit trail: written plainly, sealed later, read by key.
import type { Db } from '../database/connect.ts';
import type { Link } from './chain.ts';

export interface NewAudit {
  organizationId: string;
  at: Date;
  plugin: string;
  act: string;
  actorKind: string;
  actorId: string | undefined;
  subjectType: string | undefined;
  subjectId: string | undefined;
  personId: string | undefined;
  actorName: string | undefined;
  details: Record<string, unknown>;
  salt: Buffer;
  detailDigest: Buffer;
}

export async function insertAudit(db: Db, row: NewAudit): Promise<void> {
  await db.raw(
    `with entry as (
       insert into core.audit (organization_id, at, plugin, act, actor_kind, actor_id, subject_type, subject_id, detail_digest)
       values (:organizationId, :at, :plugin, :act, :actorKind, :actorId, :subjectType, :subjectId, :detailDigest)
       returning id
     )
     insert into core.audit_detail (audit_id, organization_id, person_id, actor_name, details, salt)
     select id, :organizationId, :personId, :actorName, :details::jsonb, :salt from entry`,
    {
      ...row,
      actorId: row.actorId ?? null,
      subjectType: row.subjectType ?? null,
      subjectId: row.subjectId ?? null,
      personId: row.personId ?? null,
      actorName: row.actorName ?? null,
      details: JSON.stringify(row.details),
    },
  );
}

const linkColumns = `position, organization_id as "organizationId", at, plugin, act, actor_kind as "actorKind",
  actor_id as "actorId", subject_type as "subjectType", subject_id as "subjectId", detail_digest as "detailDigest"`;

/** Any fixed number that nothing else in the database locks. */
const sealLock = 7_267_804;

/** Whether this transaction alone may seal. */
export async function lockSealing(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select pg_try_advisory_xact_lock(:lock) as mine', {
    lock: sealLock,
  });
  return rows[0].mine;
}

export async function findLastSealed(
  db: Db,
): Promise<{ position: string; hash: Buffer } | undefined> {
  const { rows } = await db.raw(
    'select position, hash from core.audit where position is not null order by position desc limit 1',
  );
  return rows[0];
}

export async function findUnsealed(db: Db, limit: number): Promise<(Link & { id: string })[]> {
  const { rows } = await db.raw(
    `select id, ${linkColumns} from core.audit where position is null order by id limit :limit`,
    { limit },
  );
  return rows;
}

export interface Seal {
  id: string;
  position: string;
  hash: Buffer;
}

export async function writeSeals(db: Db, seals: Seal[], now: Date): Promise<void> {
  await db.raw(
    `update core.audit set position = seal.position, hash = seal.hash, sealed_at = :now
     from unnest(:ids::bigint[], :positions::bigint[], :hashes::bytea[]) as seal (id, position, hash)
     where audit.id = seal.id`,
    {
      now,
      ids: seals.map((seal) => seal.id),
      positions: seals.map((seal) => seal.position),
      hashes: seals.map((seal) => `\\x${seal.hash.toString('hex')}`),
    },
  );
}

export type SealedRow = Link & {
  id: string;
  hash: Buffer;
  salt: Buffer | null;
  actorName: string | null;
  details: Record<string, unknown> | null;
};

/** The chain in its order, after a position. */
export async function findSealed(db: Db, after: string, limit: number): Promise<SealedRow[]> {
  const { rows } = await db.raw(
    `select id, ${linkColumns.replace('organization_id', 'audit.organization_id')}, hash, salt,
       actor_name as "actorName", details
     from core.audit left join core.audit_detail detail on detail.audit_id = audit.id
     where position > :after order by position limit :limit`,
    { after, limit },
  );
  return rows;
}

export interface AuditRow {
  id: string;
  at: Date;
  plugin: string;
  act: string;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  subjectType: string | null;
  subjectId: string | null;
  personId: string | null;
  details: Record<string, unknown> | null;
  isSealed: boolean;
}

export interface AuditFilter {
  bound: readonly string[] | undefined;
  act?: string;
  actor?: string;
  person?: string;
  /** Older than this id. */
  before?: string;
  limit: number;
}

/** What the reader's organizations did, newest first. */
export async function findAudit(db: Db, filter: AuditFilter): Promise<AuditRow[]> {
  const { rows } = await db.raw(
    `select audit.id, at, plugin, act, actor_kind as "actorKind", actor_id as "actorId", actor_name as "actorName",
       subject_type as "subjectType", subject_id as "subjectId", person_id as "personId", details,
       position is not null as "isSealed"
     from core.audit left join core.audit_detail detail on detail.audit_id = audit.id
     where (:bound::bigint[] is null or audit.organization_id = any (:bound::bigint[]))
       and (:act::text is null or starts_with(act, :act))
       and (:actor::text is null or actor_id = :actor or actor_name ilike :like)
       and (:person::text is null or person_id = :person)
       and (:before::bigint is null or audit.id < :before::bigint)
     order by audit.id desc limit :limit`,
    {
      bound: filter.bound ?? null,
      act: filter.act ?? null,
      actor: filter.actor ?? null,
      like: `%${(filter.actor ?? '').replace(/[\\%_]/g, '\\$&')}%`,
      person: filter.person ?? null,
      before: filter.before ?? null,
      limit: filter.limit,
    },
  );
  return rows;
}

/** Everything recorded about a person, for the person. */
export async function findAuditOf(
  db: Db,
  personId: string,
  after: string,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await db.raw(
    `select audit.id, at, plugin, act, actor_kind as "actorKind", details
     from core.audit_detail detail join core.audit on audit.id = detail.audit_id
     where person_id = :personId and audit.id > :after::bigint order by audit.id limit :limit`,
    { personId, after, limit },
  );
  return rows;
}

/** The personal part of what concerns a person; the chain stays whole. */
export async function deleteAuditDetails(db: Db, personId: string): Promise<number> {
  // The guard lets go of the rows of whom the same statement names, and of no others.
  const deleted = await db.raw(
    `delete from core.audit_detail where person_id = :personId
       and set_config('rostra.erasing', :personId, true) = :personId`,
    { personId },
  );
  return deleted.rowCount ?? 0;
}

export async function moveAuditDetails(db: Db, from: string, into: string): Promise<void> {
  await db('core.audit_detail').where({ person_id: from }).update({ person_id: into });
}
