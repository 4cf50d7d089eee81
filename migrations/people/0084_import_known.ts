// A row that an import left as it stands is known when it comes again: nothing of it is read or looked up anew.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table people.import
      add column known_rows integer not null default 0,
      add column known int4multirange;
    alter table people.import_person add column digest bytea, add column version integer;
    alter table people.import_ready add column digest bytea;
    comment on column people.import.known_rows is
      'Rows that an earlier list brought in the same words, of people whom nobody has changed since.';
    comment on column people.import.known is 'Their lines, until the import ends.';
    comment on column people.import_person.digest is
      'Keyed hash of the cells that made or completed the person, and of how they were read; goes with the row.';
    comment on column people.import_person.version is 'Of the person, as the import left them.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table people.import_ready drop column digest;
    alter table people.import_person drop column digest, drop column version;
    alter table people.import drop column known_rows, drop column known`);
}
