// That somebody was asked to confirm what a list said of them: once, and never again.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table people.consent_claim add column asked_at timestamptz;
    comment on column people.consent_claim.asked_at is
      'When the mailbox was asked to confirm it. Written before the mail: nobody is asked twice.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table people.consent_claim drop column asked_at');
}
