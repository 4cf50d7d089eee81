// A message of a newsletter says in its head how to leave it, and may be in the newsletter's own name.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.outbox
      add column headers jsonb not null default '{}',
      add column sender jsonb;
    comment on column core.outbox.headers is 'Beside the usual ones: List-Unsubscribe and its kin.';
    comment on column core.outbox.sender is 'In whose name it is, and where answers go; empty: the organization.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table core.outbox drop column headers, drop column sender');
}
