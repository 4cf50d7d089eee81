// Rates: lost in a crash without harm, so not worth the write-ahead log.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create unlogged table core.rate (
      key bytea primary key,
      free_at timestamptz not null
    );
    comment on table core.rate is 'How often something was tried; keys are keyed digests and tell nothing by themselves';
    create index rate_free_at on core.rate (free_at);
    select core.secure('core.rate', 'false');
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.rate');
}
