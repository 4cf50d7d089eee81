// Where the law adds up what the committees of one region take, each says in which it is.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table fundraising.recipient add column region text check (region ~ '^[A-Z0-9]{1,3}$');
    comment on column fundraising.recipient.region is
      'As the post writes it, e.g. OH: where the law has one cap for the party''s committees of one state.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table fundraising.recipient drop column region');
}
