// What is to be asked about is found without reading all that is settled.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index fundraising.payment_unsettled;
    create index payment_asks on fundraising.payment (asked_at nulls first, id)
      where state not in ('succeeded', 'failed') or asked_at is null
        or (state = 'succeeded' and fee_minor is null)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index fundraising.payment_asks;
    create index payment_unsettled on fundraising.payment (created_at)
      where state not in ('succeeded', 'failed')`);
}
