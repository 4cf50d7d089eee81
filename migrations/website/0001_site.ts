// Pages in a tree, what they were before, where they moved to, and what visitors left in a form until they confirm.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${pages}; ${revisions}; ${redirects}; ${submissions}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table website.submission, website.redirect, website.revision, website.page');
}

const pages = `
  create table website.page (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    parent_id bigint references website.page on delete restrict check (parent_id <> id),
    kind text not null check (kind in ('front', 'page', 'news', 'post', 'sign_up', 'privacy', 'imprint')),
    slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' or (slug = '' and kind = 'front')),
    path text not null,
    title text not null check (length(title) between 1 and 200),
    summary text not null default '' check (length(summary) <= 500),
    body text not null default '',
    form jsonb,
    state text not null default 'draft' check (state in ('draft', 'published')),
    publish_at timestamptz check (state = 'draft' or publish_at is not null),
    in_menu boolean not null default false,
    position integer not null default 0,
    version integer not null default 1,
    preview_key uuid not null unique default gen_random_uuid(),
    author text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    unique (organization_id, path)
  );
  create index page_parent on website.page (parent_id);
  create index page_published on website.page (organization_id, publish_at) where state = 'published';
  create unique index page_one_of_a_kind on website.page (organization_id, kind)
    where kind in ('front', 'news', 'privacy', 'imprint');
  comment on column website.page.path is 'Slugs from the root down; kept by the code that changes a slug or a parent.';
  comment on column website.page.body is 'Clean HTML.';
  comment on column website.page.form is 'Of a sign-up page: what is asked, for which newsletters, in which words.';
  comment on column website.page.publish_at is 'Shown from then on, when published; may lie ahead.';
  comment on column website.page.version is 'Moves with each edit, so that two editors do not overwrite each other.';
  comment on column website.page.preview_key is 'Opens the page to whoever was sent the address of its preview.';
  comment on column website.page.author is 'Name of the staff who wrote it last.'`;

const revisions = `
  create table website.revision (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    page_id bigint not null references website.page on delete cascade,
    title text not null,
    summary text not null,
    body text not null,
    author text,
    at timestamptz not null
  );
  create index revision_page on website.revision (page_id, id);
  comment on table website.revision is 'What a page said after each edit.'`;

const redirects = `
  create table website.redirect (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    from_path text not null check (from_path ~ '^/.'),
    to_path text not null check (to_path ~ '^(/|http://|https://)'),
    created_at timestamptz not null,
    unique (organization_id, from_path)
  )`;

const submissions = `
  create table website.submission (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    page_id bigint references website.page on delete set null,
    email text check (length(email) <= 254),
    given_name text,
    family_name text,
    phone text,
    postcode text,
    locale text not null,
    consents jsonb not null default '[]',
    newsletters jsonb not null default '[]',
    token_digest bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    confirmed_at timestamptz,
    person_id bigint references people.person on delete restrict,
    check (confirmed_at is null or (email is null and given_name is null and family_name is null
      and phone is null and postcode is null))
  );
  create index submission_email on website.submission (email) where email is not null;
  create index submission_person on website.submission (person_id) where person_id is not null;
  create index submission_created on website.submission (created_at);
  comment on table website.submission is
    'What a visitor left in a form: a claim that touches nobody until it is confirmed from the mailbox, then only a trace.';
  comment on column website.submission.consents is 'Channel, purpose and the wording that was shown; nothing of the person.'`;

const walls = ['page', 'revision', 'redirect', 'submission']
  .map(
    (table) =>
      `select core.secure('website.${table}', 'organization_id = any ((select core.visible())::bigint[])')`,
  )
  .join(';');
