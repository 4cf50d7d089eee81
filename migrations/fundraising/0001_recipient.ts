// Who gets the money, who may touch it, and who gave.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${recipients}; ${offices}; ${donors}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop table fundraising.donor_alias, fundraising.donor, fundraising.office, fundraising.recipient',
  );
}

const recipients = `
  create table fundraising.recipient (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    kind text not null check (kind in ('party', 'local_party', 'committee', 'candidate')),
    name text not null check (length(name) between 1 and 200),
    collector text check (collector ~ '^[a-z_]+$'),
    agent text check (length(agent) between 1 and 200),
    address text not null check (length(address) between 1 and 500),
    register_number text check (length(register_number) between 1 and 60),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    bank_account text check (length(bank_account) between 1 and 60),
    election text check (length(election) between 1 and 100),
    opens_on date,
    closes_on date,
    is_test boolean not null default false,
    created_at timestamptz not null,
    closed_at timestamptz,
    closing jsonb,
    check (opens_on <= closes_on),
    check ((kind = 'candidate') = (election is not null)),
    check ((closed_at is null) = (closing is null))
  );
  create index recipient_organization on fundraising.recipient (organization_id);
  comment on table fundraising.recipient is
    'Who gets the money. Everything hangs on it: account, window, caps, receipts, ledger, closing.';
  comment on column fundraising.recipient.collector is 'By what the law lets it collect, e.g. financial_agent; words of money.collector.';
  comment on column fundraising.recipient.agent is 'Name of the agent or association that collects, where it is another than the recipient.';
  comment on column fundraising.recipient.election is 'Of a candidate: one recipient is one candidate at one election.';
  comment on column fundraising.recipient.is_test is 'Takes play money alone: its providers are in test mode and its numbers are of a series of their own.';
  comment on column fundraising.recipient.closing is 'Totals and digest, as they were printed on the day it was closed.';
  select core.secure('fundraising.recipient', 'organization_id = any ((select core.visible())::bigint[])')`;

const offices = `
  create table fundraising.office (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    account_id bigint not null references core.account on delete restrict,
    duty text not null check (duty in ('treasurer', 'delegate', 'accountant')),
    since timestamptz not null,
    ended_at timestamptz
  );
  create unique index office_one on fundraising.office (recipient_id, account_id) where ended_at is null;
  create index office_account on fundraising.office (account_id, recipient_id) where ended_at is null;
  comment on table fundraising.office is
    'Who may touch the money of a recipient: nobody else may, whatever role they hold in the party.';
  select core.secure('fundraising.office', $$ exists (select from fundraising.recipient r where r.id = office.recipient_id) $$)`;

const donors = `
  create table fundraising.donor (
    id bigint generated always as identity primary key,
    type text not null check (type ~ '^[a-z_]+$'),
    person_id bigint unique references people.person on delete restrict,
    identity_hash bytea unique,
    created_at timestamptz not null,
    check (person_id is null or type = 'natural_person')
  );
  comment on table fundraising.donor is
    'Whose gifts are added up against a cap: a person, whatever address they gave from, or a body. Locked while one gift is judged.';
  comment on column fundraising.donor.type is 'Words of money.donors, e.g. natural_person, company.';
  create table fundraising.donor_alias (
    hash bytea primary key,
    donor_id bigint not null references fundraising.donor on delete restrict
  );
  create index donor_alias_donor on fundraising.donor_alias (donor_id);
  comment on table fundraising.donor_alias is
    'Further keyed hashes by which a donor is known: of one who was merged into them, of the addresses of one who was erased.';
  select core.secure('fundraising.donor_alias', 'false');
  comment on column fundraising.donor.identity_hash is
    'Keyed: of mailbox and name of somebody who is no person of the file yet, or of name and register number of a body.';
`;
