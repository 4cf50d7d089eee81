// Donations: money promised, accepted, held, sent back. A cap is held here, by the database.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${batches}; ${donations}; ${caps}; ${excesses}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `drop table fundraising.excess, fundraising.donation, fundraising.batch; drop function fundraising.hold_cap`,
  );
}

const ofSeenRecipient = (table: string): string =>
  `select core.secure('fundraising.${table}',
    $$ exists (select from fundraising.recipient r where r.id = ${table}.recipient_id) $$)`;

const batches = `
  create table fundraising.batch (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    method text not null check (method in ('cheque', 'cash', 'transfer')),
    deposit_slip text check (length(deposit_slip) between 1 and 60),
    statement_reference text check (length(statement_reference) between 1 and 100),
    deposited_on date,
    declared_minor bigint check (declared_minor > 0),
    author text not null,
    opened_at timestamptz not null,
    closed_at timestamptz
  );
  create index batch_recipient on fundraising.batch (recipient_id, id);
  comment on table fundraising.batch is 'What was taken to the bank, or came in by it, together: one deposit slip, one line of the statement.';
  comment on column fundraising.batch.declared_minor is 'What the slip says; it is closed when its donations add up to that.';
  ${ofSeenRecipient('batch')}`;

const donations = `
  create table fundraising.donation (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    donor_id bigint references fundraising.donor on delete restrict,
    state text not null check (state in ('pledged', 'accepted', 'held', 'refused', 'refunded')),
    amount_minor bigint not null check (amount_minor > 0),
    refunded_minor bigint not null default 0 check (refunded_minor between 0 and amount_minor),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    method text not null check (method in ('card', 'direct_debit', 'transfer', 'cheque', 'cash')),
    given_on date not null,
    source text not null check (source in ('page', 'staff', 'history')),
    page_id bigint,
    fund text check (length(fund) between 1 and 100),
    tracking text check (length(tracking) between 1 and 100),
    recruiter_id bigint references people.person on delete restrict,
    batch_id bigint references fundraising.batch on delete restrict,
    key text not null check (length(key) between 8 and 100),
    identity jsonb not null default '{}',
    attested jsonb not null default '[]',
    decision jsonb not null default '[]',
    why text check (length(why) between 1 and 100),
    cap_scope text check (length(cap_scope) between 1 and 200),
    cap_minor bigint check (cap_minor >= 0),
    statement_reference text check (length(statement_reference) between 1 and 100),
    return_by date,
    created_at timestamptz not null,
    settled_at timestamptz,
    unique (recipient_id, key),
    check ((cap_scope is null) = (cap_minor is null))
  );
  create index donation_recipient on fundraising.donation (recipient_id, id);
  create index donation_day on fundraising.donation (recipient_id, given_on);
  create index donation_donor on fundraising.donation (donor_id, cap_scope);
  create index donation_waits on fundraising.donation (recipient_id, id) where state in ('pledged', 'held');
  create index donation_batch on fundraising.donation (batch_id) where batch_id is not null;
  create index donation_recruiter on fundraising.donation (recruiter_id) where recruiter_id is not null;
  create index donation_page on fundraising.donation (page_id) where page_id is not null;
  comment on column fundraising.donation.state is
    'pledged: promised, holds room under the cap; accepted: lawful money, in the ledger; held: money that came in and may not be kept yet; refused: never came; refunded: went back whole.';
  comment on column fundraising.donation.given_on is 'The day of the act, by which its law is asked.';
  comment on column fundraising.donation.source is 'history: given before Rostra; counts against caps, stands in no ledger.';
  comment on column fundraising.donation.key is 'The same twice is one donation.';
  comment on column fundraising.donation.identity is 'What the law wants known of the donor at the time: name, address, nationality …';
  comment on column fundraising.donation.attested is 'What the donor attested: word, and the sentence as it was shown.';
  comment on column fundraising.donation.decision is 'The rules it rested on, with source and version of the pack.';
  comment on column fundraising.donation.why is 'Of one held or refused: the word of the reason.';
  comment on column fundraising.donation.cap_scope is 'Donations of one donor with the same scope are added up, e.g. recipient:3/2026.';
  comment on column fundraising.donation.return_by is 'Money that is held goes back by then.';
  ${ofSeenRecipient('donation')};
  select core.secure('fundraising.donor', $$ exists (select from fundraising.donation d where d.donor_id = donor.id) $$)`;

/** One gift of a donor is judged at a time, so two that fit alone and not together never both pass. */
const caps = `
  create function fundraising.hold_cap() returns trigger language plpgsql as $body$
  declare
    given bigint;
  begin
    perform from fundraising.donor d where d.id = new.donor_id for update;
    select coalesce(sum(amount_minor - refunded_minor), 0) into given from fundraising.donation
      where donor_id = new.donor_id and cap_scope = new.cap_scope and id <> new.id
        and state in ('pledged', 'accepted');
    if given + new.amount_minor - new.refunded_minor > new.cap_minor then
      raise exception using errcode = 'check_violation', constraint = 'donation_cap',
        message = 'the donations of this donor would pass the cap', detail = given::text;
    end if;
    return new;
  end $body$;
  create trigger hold_cap before insert or update of state, amount_minor on fundraising.donation
    for each row when (new.cap_minor is not null and new.donor_id is not null
      and new.source <> 'history' and new.state in ('pledged', 'accepted'))
    execute function fundraising.hold_cap()`;

const excesses = `
  create table fundraising.excess (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    donation_id bigint not null unique references fundraising.donation on delete restrict,
    cap_scope text not null,
    excess_minor bigint not null check (excess_minor > 0),
    raised_at timestamptz not null,
    settled_at timestamptz
  );
  create index excess_waits on fundraising.excess (recipient_id) where settled_at is null;
  comment on table fundraising.excess is
    'Two records of one donor were merged, and together they passed a cap: so much goes back.';
  ${ofSeenRecipient('excess')}`;
