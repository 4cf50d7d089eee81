// Who was left out since somebody else gets it at the same number: found when that one does not get it after all.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create index recipient_shared on outreach.recipient (send_id, address) where answer = 'shared'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index outreach.recipient_shared');
}
