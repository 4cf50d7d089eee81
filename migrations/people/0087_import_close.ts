// Of a list that comes for the first time the dry run finds nothing to write beside its rows, and one that comes again is
// passed over unread: pages left half empty for it are written, and read a dozen times, for nobody.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table people.import_ready reset (fillfactor)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table people.import_ready set (fillfactor = 45)');
}
