// What came in by a link that bears a tracking code is added up.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create index donation_tracking on fundraising.donation (tracking) where tracking is not null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index fundraising.donation_tracking');
}
