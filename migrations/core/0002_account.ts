// Staff: accounts, the roles they hold, their sessions, recovery codes and one-time links.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(tables);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table core.link, core.recovery_code, core.session, core.account_role, core.account;
  `);
}

const tables = `
  create table core.account (
    id bigint generated always as identity primary key,
    email text not null check (email = btrim(email) and length(email) between 3 and 254),
    name text not null check (length(name) between 1 and 200),
    locale text not null,
    password_hash text,
    totp_secret text,
    totp_confirmed_at timestamptz,
    totp_step bigint not null default 0,
    created_at timestamptz not null,
    logged_in_at timestamptz,
    disabled_at timestamptz,
    check (totp_confirmed_at is null or totp_secret is not null)
  );
  create unique index account_email on core.account (lower(email));
  comment on table core.account is 'Who can log in to the admin; kept as long as they work for the party';
  comment on column core.account.password_hash is 'argon2id; none for who logs in by link';
  comment on column core.account.totp_secret is 'Sealed under ROSTRA_SECRET; a second factor once confirmed';
  comment on column core.account.totp_step is 'Last time step whose code was used: none is taken twice';

  create table core.account_role (
    account_id bigint not null references core.account on delete cascade,
    organization_id bigint not null references core.organization on delete restrict,
    role text not null check (role in ('administrator', 'data-protection', 'organiser',
      'chapter-volunteer', 'web-editor', 'treasurer')),
    created_at timestamptz not null,
    primary key (account_id, organization_id, role)
  );
  create index account_role_organization on core.account_role (organization_id);
  comment on table core.account_role is 'A role holds at its organization and below';

  create table core.session (
    id bigint generated always as identity primary key,
    token_hash bytea not null unique,
    account_id bigint not null references core.account on delete cascade,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    ip text not null,
    agent text not null,
    second_factor_at timestamptz,
    grace boolean not null
  );
  create index session_account on core.session (account_id);
  comment on column core.session.ip is 'Cut to the network, so that the owner knows it again';
  comment on column core.session.grace is 'May work without a second factor: the first session after the setup';

  create table core.recovery_code (
    account_id bigint not null references core.account on delete cascade,
    hash bytea not null,
    used_at timestamptz,
    primary key (account_id, hash)
  );

  create table core.link (
    id bigint generated always as identity primary key,
    hash bytea not null unique,
    purpose text not null check (purpose in ('log-in', 'invite', 'setup', 'reset')),
    account_id bigint references core.account on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    check ((account_id is null) = (purpose = 'setup'))
  );
  create index link_account on core.link (account_id);

  select core.secure('core.account_role', $$organization_id = any ((select core.visible())::bigint[])$$);
  select core.secure('core.account',
    $$exists (select 1 from core.account_role r where r.account_id = account.id)$$);
  select core.secure('core.session', 'false');
  select core.secure('core.recovery_code', 'false');
  select core.secure('core.link', 'false');
`;
