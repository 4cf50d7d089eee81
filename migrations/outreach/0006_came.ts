// A send has a mark: it stands in the links of its text that lead to the party's own site, so that what came of it is known.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table outreach.send add column mark text not null unique
      default substr(replace(gen_random_uuid()::text, '-', ''), 1, 10);
    comment on column outreach.send.mark is 'Names the send in addresses, and never who reads it.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table outreach.send drop column mark');
}
