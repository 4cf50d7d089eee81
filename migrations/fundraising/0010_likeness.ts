// Two donors who may be one person and are over a cap together: a question to the treasurer, and the answer for good.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table fundraising.likeness (
      id bigint generated always as identity primary key,
      recipient_id bigint not null references fundraising.recipient on delete restrict,
      donor_id bigint not null references fundraising.donor on delete restrict,
      other_id bigint not null references fundraising.donor on delete restrict,
      why text not null check (why in ('birth_date', 'address', 'payer')),
      cap_scope text not null check (length(cap_scope) between 1 and 200),
      cap_minor bigint not null check (cap_minor >= 0),
      raised_at timestamptz not null,
      told_apart_at timestamptz,
      author text check (length(author) between 1 and 200),
      check (donor_id <> other_id),
      check ((told_apart_at is null) = (author is null))
    );
    create unique index likeness_pair on fundraising.likeness
      (least(donor_id, other_id), greatest(donor_id, other_id));
    create index likeness_donor on fundraising.likeness (donor_id, cap_scope);
    create index likeness_other on fundraising.likeness (other_id);
    create index likeness_waits on fundraising.likeness (recipient_id) where told_apart_at is null;
    comment on table fundraising.likeness is
      'Two donors who look like one person. Nothing is refused for it: the treasurer merges their records, or tells them apart.';
    comment on column fundraising.likeness.donor_id is 'Who gave last.';
    comment on column fundraising.likeness.why is
      'Beside the same name the same day of birth or the same postcode; or the same card or bank account.';
    comment on column fundraising.likeness.told_apart_at is
      'Somebody said that they are two persons: nobody is asked again.';
    select core.secure('fundraising.likeness',
      $$ exists (select from fundraising.recipient r where r.id = likeness.recipient_id) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table fundraising.likeness');
}
