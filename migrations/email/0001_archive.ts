// Letters that may be read on the site: each with an address of its own, and the newsletters whose letters all may read.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table email.archive (
      newsletter_id bigint primary key,
      organization_id bigint not null references core.organization on delete restrict,
      since timestamptz not null
    );
    create table email.letter (
      send_id bigint primary key,
      organization_id bigint not null references core.organization on delete restrict,
      newsletter_id bigint not null,
      key text not null unique default substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
      sent_at timestamptz not null
    );
    create index letter_listed on email.letter (organization_id, newsletter_id, sent_at desc, send_id desc);
    comment on table email.archive is 'Newsletters whose letters stand on the site; without a row only who got one reads it there.';
    comment on column email.letter.send_id is 'Of outreach, which has the text and what became of it.';
    comment on column email.letter.key is 'Names it in public addresses: the id would tell how many there were.';
    comment on column email.letter.sent_at is 'When the first of them began to leave.';
    select core.secure('email.archive', 'organization_id = any ((select core.visible())::bigint[])');
    select core.secure('email.letter', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table email.letter, email.archive');
}
