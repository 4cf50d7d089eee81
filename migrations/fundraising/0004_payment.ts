// Payments through a provider, each a row before it is an act, and what goes back.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${accounts}; ${payments}; ${refunds}; ${payouts}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop table fundraising.payout, fundraising.refund, fundraising.payment, fundraising.provider_account',
  );
}

const ofSeenRecipient = (table: string): string =>
  `select core.secure('fundraising.${table}',
    $$ exists (select from fundraising.recipient r where r.id = ${table}.recipient_id) $$)`;

const accounts = `
  create table fundraising.provider_account (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    provider text not null check (length(provider) between 1 and 40),
    public_settings jsonb not null default '{}',
    sealed_settings text not null,
    hook_key text not null unique default encode(sha256(gen_random_uuid()::text::bytea), 'hex'),
    is_test boolean not null,
    created_at timestamptz not null,
    ended_at timestamptz
  );
  create unique index provider_account_one on fundraising.provider_account (recipient_id, provider) where ended_at is null;
  comment on table fundraising.provider_account is 'The recipient''s own account at a provider: money never meets that of another recipient.';
  comment on column fundraising.provider_account.sealed_settings is 'Keys, closed with the install''s secret.';
  comment on column fundraising.provider_account.hook_key is 'In the address that the provider calls.';
  ${ofSeenRecipient('provider_account')}`;

const payments = `
  create table fundraising.payment (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    donation_id bigint not null unique references fundraising.donation on delete restrict,
    account_id bigint not null references fundraising.provider_account on delete restrict,
    key text not null unique default gen_random_uuid()::text,
    reference text check (length(reference) between 1 and 200),
    state text not null default 'ready' check (state in ('ready', 'handed', 'open', 'succeeded', 'failed', 'unknown')),
    paid_minor bigint check (paid_minor >= 0),
    fee_minor bigint check (fee_minor >= 0),
    asked_at timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    unique (account_id, reference)
  );
  create index payment_unsettled on fundraising.payment (created_at) where state not in ('succeeded', 'failed');
  comment on column fundraising.payment.key is 'The provider''s idempotency key: asked twice, it is one payment.';
  comment on column fundraising.payment.state is
    'ready: a row, nothing said to the provider; handed: said, not answered; open: waits for the donor; unknown: only the provider knows, who is asked.';
  ${ofSeenRecipient('payment')}`;

const refunds = `
  create table fundraising.refund (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    donation_id bigint not null references fundraising.donation on delete restrict,
    amount_minor bigint not null check (amount_minor > 0),
    why text not null check (length(why) between 1 and 500),
    by_hand boolean not null,
    key text not null unique default gen_random_uuid()::text,
    reference text check (length(reference) between 1 and 200),
    state text not null default 'ready' check (state in ('ready', 'handed', 'succeeded', 'failed', 'unknown')),
    author text,
    created_at timestamptz not null,
    settled_at timestamptz
  );
  create index refund_donation on fundraising.refund (donation_id);
  create index refund_unsettled on fundraising.refund (created_at) where state not in ('succeeded', 'failed');
  comment on column fundraising.refund.by_hand is 'Sent back by cheque or transfer, outside any provider.';
  ${ofSeenRecipient('refund')}`;

const payouts = `
  create table fundraising.payout (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    account_id bigint not null references fundraising.provider_account on delete restrict,
    reference text not null check (length(reference) between 1 and 200),
    amount_minor bigint not null,
    state text not null check (state in ('pending', 'paid', 'failed')),
    arrives_on date not null,
    statement_reference text check (length(statement_reference) between 1 and 100),
    seen_at timestamptz not null,
    unique (account_id, reference)
  );
  create index payout_recipient on fundraising.payout (recipient_id, arrives_on);
  comment on column fundraising.payout.statement_reference is 'Of the line on the bank''s statement that it was found at; empty: unmatched.';
  ${ofSeenRecipient('payout')}`;
