// Rows of settings, one an organization and plugin that says anything for itself.
import type { Db } from '../database/connect.ts';

export interface SettingRow {
  organizationId: string;
  plugin: string;
  values: Record<string, unknown>;
  /** Sealed. */
  secrets: Record<string, string>;
  revision: number;
}

const columns = {
  organizationId: 'organization_id',
  plugin: 'plugin',
  values: 'own_values',
  secrets: 'secrets',
  revision: 'revision',
};

/** What these organizations say for a plugin, in no order. */
export async function findSettings(
  db: Db,
  plugin: string,
  organizationIds: string[],
): Promise<SettingRow[]> {
  return db('core.setting')
    .select(columns)
    .where({ plugin })
    .whereIn('organization_id', organizationIds);
}

/** What every organization says for a plugin. */
export async function findAllSettings(db: Db, plugin: string): Promise<SettingRow[]> {
  return db('core.setting').select(columns).where({ plugin });
}

/** Answers whether nobody wrote since `revision` (0: there was no row). */
export async function writeSetting(db: Db, row: SettingRow, now: Date): Promise<boolean> {
  const { rows } = await db.raw(
    `insert into core.setting as setting (organization_id, plugin, own_values, secrets, revision, changed_at)
     values (:organizationId, :plugin, :values::jsonb, :secrets::jsonb, :revision::int + 1, :now)
     on conflict (organization_id, plugin) do update
       set own_values = excluded.own_values, secrets = excluded.secrets,
           revision = excluded.revision, changed_at = excluded.changed_at
       where setting.revision = :revision::int
     returning revision`,
    {
      ...row,
      values: JSON.stringify(row.values),
      secrets: JSON.stringify(row.secrets),
      now,
    },
  );
  return rows.length > 0;
}
