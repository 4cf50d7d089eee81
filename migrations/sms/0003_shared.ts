// Chapters send through an account of the party's: each has its own conversations there. And short links to stop.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sms.account add column away_since timestamptz;
    comment on column sms.account.away_since is 'Since then its gateway was not reached, or took nothing.';
    alter table sms.message add column is_permanent boolean;
    comment on column sms.message.is_permanent is 'Of one that failed: nothing will ever arrive there.';
    alter table sms.thread drop constraint thread_account_id_number_key,
      add constraint thread_one unique (account_id, organization_id, number);
    create index message_unanswerable on sms.message (left(key, 18))
      where direction = 'outbound' and sender !~ '^[+0-9]+$' and key is not null;
    comment on column sms.message.organization_id is
      'Of one that went: who sent it, also through an account of an organization above; of one that came: whom it answers.';
    comment on index sms.message_unanswerable is
      'Of senders that cannot be answered: the text leads to a page that stops it, by the first signs of the key.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index sms.message_unanswerable;
    alter table sms.message drop column is_permanent;
    alter table sms.account drop column away_since;
    alter table sms.thread drop constraint thread_one,
      add constraint thread_account_id_number_key unique (account_id, number)`);
}
