// Of all people at once, who the values came from by which they would be chosen is read from an index alone.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index provenance_reach on people.provenance (field, person_id) include (kind)
    where field in ('birthDate', 'emailAddress', 'phoneNumber')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index people.provenance_reach');
}
