// How fast letters may leave through a mail server that takes so many an hour: from when on its next ones count.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table email.pace (
      organization_id bigint primary key references core.organization on delete restrict,
      free_at timestamptz not null
    );
    comment on table email.pace is 'Of who set so many letters an hour, and those below it.';
    select core.secure('email.pace', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table email.pace');
}
