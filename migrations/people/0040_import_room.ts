// Room in each page of an import's rows, so that what the dry run finds of a row is written beside it.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table people.import_ready set (fillfactor = 45)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table people.import_ready reset (fillfactor)');
}
