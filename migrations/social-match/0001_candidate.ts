// For whom profiles are looked for, and what was found and not yet confirmed.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${searches}; ${candidates}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table social_match.candidate, social_match.search');
}

const searches = `
  create table social_match.search (
    organization_id bigint not null references core.organization on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    handle text not null check (handle ~ '^[^@\\s]+@[^@\\s]+$' and length(handle) <= 320),
    state text not null check (state in ('waiting', 'found', 'nothing', 'unanswered', 'refused')),
    asked_at timestamptz not null,
    ended_at timestamptz,
    primary key (organization_id, person_id),
    check ((state = 'waiting') = (ended_at is null))
  );
  create index search_person on social_match.search (person_id);
  comment on table social_match.search is 'The account that the person named, and how the last look for it ended.';
  comment on column social_match.search.handle is 'user@host, as the person told it: no other host is asked.'`;

const candidates = `
  create table social_match.candidate (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    source text not null,
    digest bytea not null,
    handle text check (length(handle) <= 320),
    address text check (address ~ '^(http|https)://' and length(address) <= 2000),
    name text check (length(name) <= 200),
    biography text check (length(biography) <= 2000),
    state text not null default 'waiting' check (state in ('waiting', 'confirmed', 'rejected')),
    consent_id bigint not null references people.consent on delete restrict,
    decision jsonb not null,
    found_at timestamptz not null,
    settled_at timestamptz,
    settled_by text,
    unique (organization_id, person_id, digest),
    check ((state = 'waiting') = (settled_at is null)),
    check ((state = 'rejected') = (address is null)),
    check (state <> 'rejected' or (handle is null and name is null and biography is null))
  );
  create index candidate_person on social_match.candidate (person_id);
  create index candidate_waiting on social_match.candidate (organization_id, id) where state = 'waiting';
  comment on table social_match.candidate is 'Profiles that may be the person''s. Nothing of them enters the person before staff confirm.';
  comment on column social_match.candidate.digest is
    'SHA-256 of the address: a rejected profile, perhaps a stranger''s, is emptied and still not proposed again.';
  comment on column social_match.candidate.consent_id is 'The consent on which it was looked for.';
  comment on column social_match.candidate.decision is 'What the law said when it was looked for: rules and sources, nothing personal.'`;

const walls = ['search', 'candidate']
  .map(
    (table) =>
      `select core.secure('social_match.${table}', 'organization_id = any ((select core.visible())::bigint[])')`,
  )
  .join(';');
