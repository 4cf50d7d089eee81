// Newsletters and who subscribed to them.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${tables}; ${ofSeenPerson('subscription')}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table people.subscription, people.newsletter');
}

const tables = `
  create table people.newsletter (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
    name text not null check (length(name) between 1 and 120),
    description text not null default '' check (length(description) <= 500),
    created_at timestamptz not null,
    closed_at timestamptz,
    unique (organization_id, key)
  );

  create table people.subscription (
    id bigint generated always as identity primary key,
    newsletter_id bigint not null references people.newsletter on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    since timestamptz not null,
    until timestamptz check (until >= since)
  );
  create unique index subscription_current on people.subscription (newsletter_id, person_id) where until is null;
  create index subscription_person on people.subscription (person_id);
  comment on table people.subscription is 'Asked for by the person: the law lets a newsletter go to its subscribers.'`;
