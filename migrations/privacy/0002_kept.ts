// The sealed store: what a law wants kept of somebody who was erased, behind a wall until its day.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table privacy.kept (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      plugin text not null,
      title text not null,
      why text not null check (length(why) between 1 and 500),
      until date not null,
      address_hashes bytea[] not null default '{}',
      sealed text not null,
      kept_at timestamptz not null
    );
    create index kept_until on privacy.kept (until);
    comment on table privacy.kept is 'What a law wants kept of people who were erased; read by nobody without a reason, which is recorded.';
    comment on column privacy.kept.title is 'Key in the locales of the plugin whose it was: says what it is, of nobody in particular.';
    comment on column privacy.kept.why is 'The rule of the law, or the article, that wants it kept.';
    comment on column privacy.kept.address_hashes is 'Keyed hashes of the e-mail addresses of the person, to find it by.';
    comment on column privacy.kept.sealed is 'Closed with the install''s secret, which is not in the database.';
    select core.secure('privacy.kept', 'false')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table privacy.kept');
}
