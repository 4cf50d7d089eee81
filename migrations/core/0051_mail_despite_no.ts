// Tells the messages that a no does not take back: what the person asked for of their own data, and links for staff.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.outbox add column despite_no boolean not null default false;
    create index outbox_waiting_to on core.outbox (lower(to_address)) where state = 'ready' and not despite_no;
    comment on column core.outbox.despite_no is
      'Goes out although the address is suppressed: an answer about the person''s own data, an account of staff.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table core.outbox drop column despite_no');
}
