// Receipts in series without a gap, and the numbers of official forms, which come from the authority.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${series}; ${receipts}; ${guards}; ${officials}; ${lists}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index fundraising.donation_by_donor;
    drop table fundraising.official_number, fundraising.receipt, fundraising.series;
    drop function fundraising.guard_receipt;
    select core.secure('fundraising.donor', 'false')`);
}

const ofSeenRecipient = (table: string): string =>
  `select core.secure('fundraising.${table}',
    $$ exists (select from fundraising.recipient r where r.id = ${table}.recipient_id) $$)`;

const series = `
  create table fundraising.series (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    year integer not null check (year between 2000 and 9999),
    is_test boolean not null,
    last_number bigint not null check (last_number > 0),
    unique (recipient_id, year, is_test)
  );
  comment on column fundraising.series.last_number is
    'The row is locked from taking a number to the end of the transaction: one that is rolled back leaves no gap.';
  ${ofSeenRecipient('series')}`;

const receipts = `
  create table fundraising.receipt (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    series_id bigint not null references fundraising.series on delete restrict,
    number bigint not null check (number > 0),
    label text not null check (length(label) between 1 and 40),
    kind text not null check (kind in ('receipt', 'cancellation')),
    donation_id bigint not null references fundraising.donation on delete restrict,
    cancels_id bigint references fundraising.receipt on delete restrict,
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    issued_on date not null,
    issued_at timestamptz not null,
    issuer jsonb not null,
    voided_at timestamptz,
    void_why text check (length(void_why) between 1 and 500),
    unique (series_id, number),
    unique (recipient_id, label),
    check ((kind = 'cancellation') = (cancels_id is not null)),
    check ((voided_at is null) = (void_why is null))
  );
  create unique index receipt_one on fundraising.receipt (donation_id) where kind = 'receipt' and voided_at is null;
  create index receipt_donation on fundraising.receipt (donation_id);
  create index receipt_recipient on fundraising.receipt (recipient_id, id);
  create index receipt_cancels on fundraising.receipt (cancels_id) where cancels_id is not null;
  comment on table fundraising.receipt is
    'What the donor was given as proof. Who the donor is stands in the donation alone; nothing here is ever deleted.';
  comment on column fundraising.receipt.issuer is 'The recipient as it was on that day: name, agent, address.';
  comment on column fundraising.receipt.cancels_id is 'Of money that went back: the receipt that no longer holds for that amount.';
  comment on column fundraising.receipt.voided_at is 'It was wrong. It keeps its number, and another may be issued.';
  ${ofSeenRecipient('receipt')}`;

const guards = `
  create function fundraising.guard_receipt() returns trigger language plpgsql as $body$
  declare
    voiding text[] := '{voided_at,void_why}';
  begin
    if tg_op = 'UPDATE' and old.voided_at is null and new.voided_at is not null
      and to_jsonb(old) - voiding = to_jsonb(new) - voiding then return new; end if;
    raise exception 'fundraising.receipt is append-only';
  end $body$;
  create trigger guard before update or delete on fundraising.receipt
    for each row execute function fundraising.guard_receipt();
  create trigger guard_all before truncate on fundraising.receipt
    for each statement execute function fundraising.guard_receipt()`;

const officials = `
  create table fundraising.official_number (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    number text not null check (length(number) between 1 and 60),
    donation_id bigint references fundraising.donation on delete restrict,
    author text not null,
    imported_at timestamptz not null,
    used_at timestamptz,
    unique (recipient_id, number),
    check ((donation_id is null) = (used_at is null))
  );
  create unique index official_number_one on fundraising.official_number (donation_id) where donation_id is not null;
  comment on table fundraising.official_number is
    'Of forms that an authority gave out, e.g. the CNCCFP: brought in by the treasurer, never made up here.';
  comment on column fundraising.official_number.donation_id is 'Empty: the form is in the drawer.';
  ${ofSeenRecipient('official_number')}`;

const lists = `
  create index donation_by_donor on fundraising.donation (recipient_id, coalesce(donor_id, 0), given_on, id);
  select core.secure('fundraising.donor', $$ exists (select from fundraising.donation d where d.donor_id = donor.id) $$)`;
