// Scans of cheques, slips and statements: evidence that only those who hold an office see.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table fundraising.evidence (
      id bigint generated always as identity primary key,
      recipient_id bigint not null references fundraising.recipient on delete restrict,
      donation_id bigint references fundraising.donation on delete restrict,
      batch_id bigint references fundraising.batch on delete restrict,
      name text not null check (length(name) between 1 and 200),
      type text not null check (type in ('application/pdf', 'image/jpeg', 'image/png')),
      digest bytea not null,
      content bytea not null check (length(content) between 1 and 8388608),
      author text not null,
      at timestamptz not null,
      check (num_nonnulls(donation_id, batch_id) = 1)
    );
    alter table fundraising.evidence alter column content set storage external;
    create index evidence_donation on fundraising.evidence (donation_id) where donation_id is not null;
    create index evidence_batch on fundraising.evidence (batch_id) where batch_id is not null;
    comment on table fundraising.evidence is
      'In the database and not among the uploads, which are public: so that a backup holds it and a wall stands around it.';
    select core.secure('fundraising.evidence',
      $$ exists (select from fundraising.recipient r where r.id = evidence.recipient_id) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table fundraising.evidence');
}
