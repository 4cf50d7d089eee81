// Keys for programs: each in the name of who made it, for some of what they may, at one organization, until a day.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.token (
      id bigint generated always as identity primary key,
      token_hash bytea not null unique,
      account_id bigint not null references core.account on delete cascade,
      organization_id bigint not null references core.organization on delete cascade,
      name text not null check (length(name) between 1 and 100),
      permissions text[] not null check (cardinality(permissions) > 0),
      created_at timestamptz not null,
      expires_at timestamptz not null,
      last_used_on date,
      revoked_at timestamptz
    );
    create index token_account on core.token (account_id);
    create index token_organization on core.token (organization_id);
    comment on table core.token is 'Opens /api/v1 to a program, in the name of the account and at the organization and below';
    comment on column core.token.token_hash is 'SHA-256 of 256 random bits: enough to know the token again, not to use it';
    comment on column core.token.permissions is 'Of these it has what its account still has';
    comment on column core.token.last_used_on is 'A day and no more, so that it is written once a day';
    select core.secure('core.token', $$organization_id = any ((select core.visible())::bigint[])$$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.token');
}
