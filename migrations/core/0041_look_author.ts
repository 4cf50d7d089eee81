// Two of one name are two: a draft is its author's by account.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.look add column account_id bigint references core.account on delete set null;
    create index look_account on core.look (account_id) where account_id is not null;
    comment on column core.look.author is 'Name of the staff who saved or published it, as shown.';
    comment on column core.look.account_id is 'Whose saves may overlap; empty once that account is gone.'
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table core.look drop column account_id');
}
