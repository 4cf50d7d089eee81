// Who may soon no longer be kept: told to staff first, erased on the day.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table people.expiry (
      person_id bigint primary key references people.person on delete restrict,
      rule text not null,
      due_on date not null,
      goes_on date not null check (goes_on >= due_on),
      warned_at timestamptz not null
    );
    create index expiry_goes on people.expiry (goes_on, person_id);
    comment on table people.expiry is 'People whom a rule of the law lets be kept no longer, while staff are warned.';
    comment on column people.expiry.rule is 'Id of the rule in the packs, e.g. retention.occasional_contact.';
    comment on column people.expiry.due_on is 'When the rule''s time ends; goes_on is later where the warning came late.';
    ${ofSeenPerson('expiry')}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table people.expiry');
}
