// What people asked of their data, step by step, and the links by which they asked.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${requests}; ${steps}; ${links}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table privacy.link, privacy.step, privacy.request');
}

const requests = `
  create table privacy.request (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    person_id bigint references people.person on delete restrict,
    reference text not null unique,
    kind text not null check (kind in ('access', 'copy', 'correction', 'objection', 'erasure')),
    origin text not null check (origin in ('self', 'staff')),
    state text not null default 'open' check (state in ('open', 'waiting', 'done', 'refused')),
    outcome text check (outcome in ('given', 'corrected', 'stopped', 'erased', 'refused')),
    words text check (length(words) <= 5000),
    never_again boolean not null default false,
    address_hashes bytea[] not null default '{}',
    asked_at timestamptz not null,
    due_at timestamptz,
    extended_at timestamptz,
    answered_at timestamptz,
    waiting_for text[] not null default '{}',
    next_at timestamptz,
    attempts integer not null default 0,
    check ((state in ('done', 'refused')) = (answered_at is not null)),
    check ((outcome is null) = (answered_at is null)),
    check (answered_at is null or next_at is null)
  );
  create index request_person on privacy.request (person_id) where person_id is not null;
  create index request_open on privacy.request (organization_id, due_at, id) where answered_at is null;
  create index request_next on privacy.request (next_at) where next_at is not null;
  comment on table privacy.request is
    'What somebody asked of their data. After an erasure it stays as a proof: kind, dates and outcome, and whose it was only as keyed hashes.';
  comment on column privacy.request.reference is 'By which the person finds it again, also once nothing else tells who they were.';
  comment on column privacy.request.words is 'What the person wrote; goes with the person.';
  comment on column privacy.request.never_again is 'Of an erasure: their addresses are to stay stopped, as keyed hashes.';
  comment on column privacy.request.address_hashes is 'Keyed hashes of the e-mail addresses that the person had, to find the proof by.';
  comment on column privacy.request.due_at is 'Until when the law wants it answered.';
  comment on column privacy.request.waiting_for is 'Who has not erased yet; none after a fault of our own.';
  comment on column privacy.request.next_at is 'When the program itself goes on with it; null: staff do.'`;

const steps = `
  create table privacy.step (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    request_id bigint not null references privacy.request on delete cascade,
    kind text not null,
    text text check (length(text) <= 5000),
    by_name text,
    at timestamptz not null
  );
  create index step_request on privacy.step (request_id, id);
  comment on table privacy.step is 'What became of a request, and who did it.';
  comment on column privacy.step.text is 'A reason or an answer; goes with the person.'`;

const links = `
  create table privacy.link (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    token_digest bytea not null unique,
    address_hash bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  );
  create index link_person on privacy.link (person_id);
  create index link_expires on privacy.link (expires_at);
  comment on table privacy.link is 'Links sent to a mailbox: whoever has one opens that one person''s page. Only a digest is kept.';
  comment on column privacy.link.address_hash is 'Keyed hash of the mailbox: the link opens nothing once that is not the person''s any more.'`;

const walls = ['request', 'step', 'link']
  .map(
    (table) =>
      `select core.secure('privacy.${table}', 'organization_id = any ((select core.visible())::bigint[])')`,
  )
  .join(';');
