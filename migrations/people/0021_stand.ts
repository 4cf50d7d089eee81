// Who noted somebody at a stand, and when: counted for a day, and that nobody is noted twice by tapping twice.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table people.stand_entry (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      key uuid not null unique,
      by_account text not null,
      place text check (length(place) between 1 and 120),
      at timestamptz not null
    );
    create index stand_entry_organization on people.stand_entry (organization_id, at);
    comment on table people.stand_entry is
      'One for each form filled in at a stand. Not whose: an address that was known already is not told by a row here.';
    comment on column people.stand_entry.key is 'Made with the empty form, so that the same form counts once.';
    select core.secure('people.stand_entry', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table people.stand_entry');
}
