// The mark of the demo, and the core's own part of its removal.
import type { Db } from '../database/connect.ts';
import { withSavepoint } from '../events/savepoint.sql.ts';
import type { LegalIdentity } from '../organizations/organization.ts';

export interface DemoRow {
  country: string;
  organizations: string[];
  accounts: string[];
  legal: LegalIdentity;
  begunAt: Date;
  /** `null`: it was cut off half-way. */
  filledAt: Date | null;
}

/** Within a transaction two who fill or remove at once come after each other. */
export async function findDemo(db: Db, lock = false): Promise<DemoRow | undefined> {
  const query = db('core.demo')
    .select('country', 'organizations', 'accounts', 'legal')
    .select({ begunAt: 'begun_at', filledAt: 'filled_at' });
  return (lock ? query.forUpdate() : query).first();
}

/** Answers whether there was none. */
export async function insertDemo(db: Db, country: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.raw(
    `insert into core.demo (country, organizations, accounts, legal, begun_at)
     values (:country, '{}', '{}', '{}', :now) on conflict do nothing`,
    { country, now },
  );
  return rowCount === 1;
}

export async function updateDemo(
  db: Db,
  is: Partial<Pick<DemoRow, 'organizations' | 'accounts' | 'legal' | 'filledAt'>>,
): Promise<void> {
  const { filledAt, legal, ...lists } = is;
  await db('core.demo').update({
    ...lists,
    ...(legal && { legal: JSON.stringify(legal) }),
    ...(filledAt && { filled_at: filledAt }),
  });
}

/** Answers whether there is one; it stays until the caller's transaction ends. */
export async function holdDemo(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select from core.demo for key share');
  return rows.length > 0;
}

export async function insertMarks(
  db: Db,
  plugin: string,
  kind: string,
  ids: readonly string[],
): Promise<void> {
  await db.raw(
    `insert into core.demo_row (plugin, kind, id)
     select :plugin, :kind, id from unnest(cast(:ids as text[])) as made (id) on conflict do nothing`,
    { plugin, kind, ids: [...ids] },
  );
}

export async function findMarks(db: Db, plugin: string, kind: string): Promise<string[]> {
  return db('core.demo_row').where({ plugin, kind }).pluck('id');
}

/** Mails that are the demo's, and what the audit trail keeps beside its chain on what was invented. */
export async function deleteTraces(db: Db, demo: DemoRow): Promise<void> {
  const { organizations, accounts } = demo;
  const people = `select id from core.demo_row where kind = 'person'`;
  await db.raw(
    `delete from core.outbox where person_id in (${people})
       or organization_id = any (cast(:organizations as bigint[]))
       or lower(to_address) in (select lower(email) from core.account where id = any (cast(:accounts as bigint[])))`,
    { organizations, accounts },
  );
  // Its guard lets go of what an erasure names.
  await db.raw(`select set_config('rostra.erasing', 'demo', true)`);
  await db.raw(
    `delete from core.audit_detail d using core.audit a where a.id = d.audit_id
       and (d.person_id in (${people}) or a.organization_id = any (cast(:organizations as bigint[]))
         or a.actor_kind = 'staff' and a.actor_id = any (cast(:accounts as text[])))`,
    { organizations, accounts },
  );
}

/** Deepest first; answers the ids of those that stay because something that is not the demo's hangs on them. */
export async function deleteOrganizations(db: Db, ids: readonly string[]): Promise<string[]> {
  const kept: string[] = [];
  for (const id of [...ids].reverse()) {
    try {
      await withSavepoint(db, () => db('core.organization').where({ id }).delete());
      await db('core.version')
        .where({ name: `site:${id}` })
        .delete();
    } catch (error) {
      // Before PostgreSQL 18 a foreign key that restricts answers like any other.
      if (!['23001', '23503'].includes((error as { code?: string }).code ?? '')) throw error;
      kept.push(id);
    }
  }
  return kept;
}

export async function deleteAccounts(db: Db, ids: readonly string[]): Promise<void> {
  await db('core.account')
    .whereIn('id', [...ids])
    .delete();
}

export async function deleteDemo(db: Db): Promise<void> {
  await db('core.demo_row').delete();
  await db('core.demo').delete();
}
