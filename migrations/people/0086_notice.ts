// Who came in by a list and is still to be told whence, within the law's time; and when and how they were.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table people.notice (
      person_id bigint primary key references people.person on delete restrict,
      due_on date not null,
      told_at timestamptz,
      how text check (how in ('message', 'mail', 'staff')),
      check ((told_at is null) = (how is null))
    );
    create index notice_due on people.notice (due_on, person_id) where told_at is null;
    comment on table people.notice is
      'People whose data did not come from them, by when they are told (GDPR art. 14(3)), and that they were.';
    comment on column people.notice.how is
      'message: one that went to many carried it; mail: the notice itself; staff: otherwise, as the audit tells.';
    ${ofSeenPerson('notice')}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table people.notice');
}
