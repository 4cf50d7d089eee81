// What a gateway says of a number at which nothing arrives: that nobody has it, or that it is a landline, which may still be called.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sms.receipt add column is_landline boolean not null default false;
    alter table sms.message add column is_landline boolean not null default false;
    comment on column sms.message.is_landline is 'Of one that failed for good: the number takes no text messages, and may still be called.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sms.message drop column is_landline;
    alter table sms.receipt drop column is_landline`);
}
