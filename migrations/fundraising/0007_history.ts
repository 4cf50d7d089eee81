// Gifts from before Rostra on their way in, looked at first; and what reports and the search of gifts lean on.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${files}; ${rows}; ${indexes}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index fundraising.donation_report, fundraising.donation_name, fundraising.donation_amount,
      fundraising.donation_reference, fundraising.donation_fund;
    drop function fundraising.donor_name;
    drop table fundraising.history_row, fundraising.history`);
}

const files = `
  create table fundraising.history (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    file_name text not null check (length(file_name) between 1 and 200),
    columns text[] not null,
    fields text[],
    method text check (method in ('card', 'direct_debit', 'transfer', 'cheque', 'cash')),
    date_order text check (date_order in ('day', 'month')),
    state text not null default 'staged' check (state in ('staged', 'checking', 'checked', 'running', 'done')),
    rows integer not null default 0,
    done_rows integer not null default 0,
    counts jsonb,
    author text not null,
    created_at timestamptz not null,
    touched_at timestamptz not null,
    ended_at timestamptz
  );
  create index history_recipient on fundraising.history (recipient_id, id);
  comment on table fundraising.history is 'A file of gifts from before Rostra: looked at, then brought in. Goes after a month.';
  comment on column fundraising.history.method is 'Of gifts of which the file says none.';
  comment on column fundraising.history.counts is 'What the dry run found, and what became of it.';
  select core.secure('fundraising.history',
    $$ exists (select from fundraising.recipient r where r.id = history.recipient_id) $$)`;

const rows = `
  create table fundraising.history_row (
    history_id bigint not null references fundraising.history on delete cascade,
    line integer not null,
    cells text[] not null,
    state text not null default 'staged' check (state in ('staged', 'ready', 'known', 'refused')),
    reason text check (length(reason) between 1 and 100),
    key text check (length(key) between 8 and 120),
    donor text check (length(donor) between 1 and 100),
    amount_minor bigint,
    cap_scope text,
    cap_minor bigint,
    primary key (history_id, line)
  );
  create index history_row_state on fundraising.history_row (history_id, state, line);
  comment on table fundraising.history_row is
    'Rows of the file: gone once they are in; those refused wait a month to be mended.';
  comment on column fundraising.history_row.donor is 'Id of the donor, else a keyed hash: to add gifts up while nothing is kept yet.';
  select core.secure('fundraising.history_row', $$ exists (select from fundraising.history h
    join fundraising.recipient r on r.id = h.recipient_id where h.id = history_row.history_id) $$)`;

/** Sums are read from the index alone; a name is found by how it begins. */
const indexes = `
  create function fundraising.donor_name(identity jsonb) returns text language sql immutable parallel safe
    return core.fold(coalesce(identity->>'legalName',
      coalesce(identity->>'familyName', '') || ' ' || coalesce(identity->>'givenName', '')));
  create index donation_report on fundraising.donation (recipient_id, given_on, page_id, method, source)
    include (amount_minor, refunded_minor) where state = 'accepted';
  create index donation_name on fundraising.donation
    (recipient_id, fundraising.donor_name(identity) text_pattern_ops) where identity <> '{}';
  create index donation_amount on fundraising.donation (recipient_id, amount_minor, id);
  create index donation_reference on fundraising.donation (recipient_id, statement_reference)
    where statement_reference is not null;
  create index donation_fund on fundraising.donation (recipient_id, fund) where fund is not null`;
