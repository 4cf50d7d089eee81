// A page that an election put off knows when it was meant to come out.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table website.page
      add column wished_at timestamptz,
      add column put_off_to timestamptz,
      add check ((wished_at is null) = (put_off_to is null));
    comment on column website.page.wished_at is 'When it was meant to come out; holds while publish_at is put_off_to.';
    comment on column website.page.put_off_to is 'The end of the silence that it waits for.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table website.page drop column wished_at, drop column put_off_to');
}
