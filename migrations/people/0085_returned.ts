// What became of messages to an address that came back, and why.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table people.email_address
      add column returned_at timestamptz,
      add column returned_why text check (returned_why in ('no-mailbox', 'full', 'unwanted', 'unreachable', 'other')),
      add column put_off timestamptz[] not null default '{}',
      add check ((returned_at is null) = (returned_why is null));
    comment on column people.email_address.returned_at is 'When a message to it came back last.';
    comment on column people.email_address.returned_why is 'What the far side gave as the reason, in a word.';
    comment on column people.email_address.put_off is
      'When messages came back that might have been taken later; those of a month ago do not count any more.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table people.email_address drop column put_off, drop column returned_why, drop column returned_at`);
}
