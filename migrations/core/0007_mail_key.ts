// Marks the messages that carry a key: a link that opens something to whoever reads it.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Of those that lie there already nobody knows, so all are taken for such.
  await knex.raw(`
    alter table core.outbox add column holds_key boolean not null default true;
    alter table core.outbox alter column holds_key set default false;
    comment on column core.outbox.holds_key is
      'Its body opens an account or confirms a sign-up: shown to those alone who manage the settings.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table core.outbox drop column holds_key');
}
