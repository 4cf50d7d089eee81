// Imports: the file as staged, what was said of it, how far it is, and the rows that were refused.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${tables}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop table people.import_row_refused, people.import_staging, people.import_person, people.import',
  );
}

const tables = `
  create table people.import (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    file_name text not null,
    columns text[] not null,
    fields text[],
    rows integer not null,
    origin text,
    relation text,
    tag text,
    state text not null default 'staged' check (state in ('staged', 'running', 'done', 'failed')),
    done_rows integer not null default 0,
    created_people integer not null default 0,
    updated_people integer not null default 0,
    refused_rows integer not null default 0,
    by_account text,
    by_name text not null,
    created_at timestamptz not null,
    ended_at timestamptz
  );
  comment on column people.import.fields is 'What each column is, by place; an empty text: not taken.';
  comment on column people.import.origin is 'Where the list comes from, as staff said: the people in it may ask.';

  create table people.import_person (
    import_id bigint not null references people.import on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    is_new boolean not null,
    primary key (import_id, person_id)
  );
  create index import_person_person on people.import_person (person_id);

  create unlogged table people.import_staging (
    import_id bigint not null,
    line integer not null,
    cells text[] not null,
    primary key (import_id, line)
  );
  comment on table people.import_staging is 'The rows of a file until they are taken over or a day has passed.';

  create table people.import_row_refused (
    import_id bigint not null references people.import on delete restrict,
    line integer not null,
    cells text[] not null,
    reason text not null,
    primary key (import_id, line)
  );
  comment on table people.import_row_refused is 'Given back to who imported; goes after a month. reason: a key in the locales.'`;

const seen = `organization_id = any ((select core.visible())::bigint[])`;
const ofImport = (table: string): string =>
  `select core.secure('people.${table}', $$ exists (select from people.import i where i.id = ${table}.import_id and i.${seen}) $$)`;

const walls = [
  `select core.secure('people.import', '${seen}')`,
  ofImport('import_person'),
  ofImport('import_staging'),
  ofImport('import_row_refused'),
].join(';');
