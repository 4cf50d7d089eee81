// Tells what a message is for, so that whoever knows its reader can be asked whether it may go.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.outbox add column purpose text
      check (purpose in ('newsletter', 'campaign', 'targeting', 'confirmation'));
    comment on column core.outbox.purpose is
      'What a message is that its reader did not ask for by an act of their own; asked of who knows the reader before it leaves.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table core.outbox drop column purpose');
}
