// A breach that concerns people abroad runs by the clock of their law too: another authority, told by itself.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table privacy.breach add column abroad json not null default '[]' check (json_typeof(abroad) = 'array');
    comment on column privacy.breach.abroad is
      'Of each country whose own law sets a time: country, dueAt, source, reportedAt, reportNumber, lateReason. json, not jsonb: its history is compared as it was written.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table privacy.breach drop column abroad');
}
