// How fast an account's messages may leave, whichever process sends them: when each account will be free of those before.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create unlogged table sms.pace (
      account_id bigint primary key references sms.account on delete cascade,
      free_at timestamptz not null
    );
    comment on table sms.pace is 'Of accounts with a rate alone. Lost in a crash, and nothing with it.';
    select core.secure('sms.pace', $$ exists (select from sms.account a where a.id = pace.account_id) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table sms.pace');
}
