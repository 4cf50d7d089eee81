// Settings: what an organization says for itself, plugin by plugin; the rest it inherits.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.setting (
      organization_id bigint not null references core.organization on delete cascade,
      plugin text not null,
      own_values jsonb not null default '{}' check (jsonb_typeof(own_values) = 'object'),
      secrets jsonb not null default '{}' check (jsonb_typeof(secrets) = 'object'),
      revision integer not null default 1,
      changed_at timestamptz not null,
      primary key (organization_id, plugin)
    );
    comment on table core.setting is
      'A chapter reads those above it too, for it inherits from them. Holds nothing on any person.';
    comment on column core.setting.secrets is
      'Field to text sealed under the secret of the install; never shown again.';
    select core.secure('core.setting', $$ exists (select from core.organization o
      where setting.organization_id::text = any (string_to_array(o.path::text, '.'))) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.setting');
}
