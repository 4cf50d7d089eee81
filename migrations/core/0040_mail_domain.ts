// Sending domains: the key that signs, what the DNS said last, and how much left on which day.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.mail_domain (
      domain text primary key,
      private_key text not null,
      public_key text not null,
      signs boolean not null default false,
      is_warm boolean not null default false,
      report jsonb,
      checked_at timestamptz,
      created_at timestamptz not null
    );
    comment on table core.mail_domain is 'Domains that mail is sent from. Holds nothing on any person.';
    comment on column core.mail_domain.private_key is 'DKIM, sealed under the secret of the install.';
    comment on column core.mail_domain.signs is 'The DNS was seen to hold the public key, so receivers can check.';
    comment on column core.mail_domain.is_warm is 'Staff said that receivers know this sender: no daily ceiling.';
    comment on column core.mail_domain.report is 'What the DNS said at checked_at.';
    create table core.mail_day (
      domain text not null,
      day date not null,
      sent integer not null check (sent >= 0),
      primary key (domain, day)
    );
    comment on table core.mail_day is 'Messages to many that were claimed for sending, by day: a new sender grows slowly.';
    alter table core.outbox add column bulk boolean not null default false;
    comment on column core.outbox.bulk is 'One of many alike: waits behind single messages and for the daily ceiling.';
    drop index core.outbox_ready;
    create index outbox_ready on core.outbox (organization_id, bulk, due_at) where state = 'ready';
    select core.secure('core.mail_domain', 'false');
    select core.secure('core.mail_day', 'false')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index core.outbox_ready;
    alter table core.outbox drop column bulk;
    create index outbox_ready on core.outbox (organization_id, due_at) where state = 'ready';
    drop table core.mail_day, core.mail_domain`);
}
