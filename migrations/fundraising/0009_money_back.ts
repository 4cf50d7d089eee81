// What a provider tells of is entered, whoever ordered it: what finds no room in its gift any more is a loss.
import type { Knex } from 'knex';

const accounts = `'bank', 'provider', 'cash', 'cheques', 'donations', 'held', 'fees', 'disputes'`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table fundraising.posting drop constraint posting_account_check;
    alter table fundraising.posting add constraint posting_account_check check (account in (${accounts}, 'losses'));
    alter table fundraising.refund add column is_ordered boolean not null default true;
    update fundraising.refund set is_ordered = false where why = 'provider' and author is null;
    comment on column fundraising.refund.is_ordered is
      'False: made at the provider''s own desk, which told of it; nobody here orders it again.';
    alter table fundraising.donation add column written uuid[] not null default '{}';
    comment on column fundraising.donation.written is 'Events about which its donor was written to.';
    alter table fundraising.provider_account add column own_id text check (length(own_id) between 1 and 200),
      add column fetched_at timestamptz;
    create unique index provider_account_own on fundraising.provider_account (provider, is_test, own_id)
      where ended_at is null;
    comment on column fundraising.provider_account.own_id is
      'The provider''s own id of it: two recipients with one account would each enter the other''s payouts.';
    comment on column fundraising.provider_account.fetched_at is 'Its payouts are known up to then.';
    alter table fundraising.payout add column currency text check (currency ~ '^[A-Z]{3}$');
    comment on column fundraising.payout.currency is
      'Where it is not the recipient''s own: it stands in no ledger, and the doctor tells of it.';
    alter table fundraising.payment add column fault text check (length(fault) between 1 and 100);
    comment on column fundraising.payment.fault is
      'Why what the provider says of it could not be entered: the word of an error; empty once it could.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table fundraising.payout drop column currency;
    drop index fundraising.provider_account_own;
    alter table fundraising.provider_account drop column own_id, drop column fetched_at;
    alter table fundraising.payment drop column fault;
    alter table fundraising.donation drop column written;
    alter table fundraising.refund drop column is_ordered;
    alter table fundraising.posting drop constraint posting_account_check;
    alter table fundraising.posting add constraint posting_account_check check (account in (${accounts}))`);
}
