// Tells which newsletter a message is of, so that nobody gets it who left that one while it waited.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.outbox add column topic text check (length(topic) between 1 and 100);
    comment on column core.outbox.topic is
      'Which of its kind a message is, as who knows its reader calls it: of a newsletter its id; empty: any.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table core.outbox drop column topic');
}
