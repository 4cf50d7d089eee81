// What is known of a person beside how to reach them: relation, tags, notes, timeline, history.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${labels}; ${story}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table people.history, people.timeline, people.note, people.tagging, people.tag, people.relation`);
}

const labels = `
  create table people.relation (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    kind text not null check (kind in ('member', 'former_member', 'regular_contact', 'occasional_contact')),
    since date not null,
    until date check (until >= since),
    created_at timestamptz not null
  );
  create unique index relation_current on people.relation (person_id) where until is null;
  create index relation_kind on people.relation (kind, person_id) where until is null;
  create index relation_person on people.relation (person_id);
  comment on table people.relation is
    'How the person stands to the party, as dated facts: the law treats members, former members, regular and occasional contacts apart.';

  create table people.tag (
    id bigint generated always as identity primary key,
    name text not null check (name = btrim(name) and length(name) between 1 and 60),
    created_at timestamptz not null
  );
  create unique index tag_name on people.tag (core.fold(name));
  comment on table people.tag is 'Party-wide, so that a word means one thing.';

  create table people.tagging (
    tag_id bigint not null references people.tag on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    by_account text,
    at timestamptz not null,
    primary key (tag_id, person_id)
  );
  create index tagging_person on people.tagging (person_id)`;

const story = `
  create table people.note (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    text text not null check (length(text) between 1 and 10000),
    by_account text,
    by_name text not null,
    at timestamptz not null
  );
  create index note_person on people.note (person_id, at desc);
  comment on table people.note is 'What staff remember; the person may ask to read it.';

  create table people.timeline (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    kind text not null,
    params jsonb not null default '{}',
    href text,
    at timestamptz not null
  );
  create index timeline_person on people.timeline (person_id, at desc);
  comment on column people.timeline.kind is 'Key in the locales of the plugin that wrote the line.';

  create table people.history (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    field text not null,
    before text,
    after text,
    by_account text,
    by_name text not null,
    at timestamptz not null
  );
  create index history_person on people.history (person_id, at desc);
  comment on table people.history is 'Who changed what; the values are personal and go with the person.'`;

const walls = [
  ofSeenPerson('relation'),
  ofSeenPerson('tagging'),
  `select core.secure('people.note', 'organization_id = any ((select core.visible())::bigint[])')`,
  ofSeenPerson('timeline'),
  ofSeenPerson('history'),
].join(';');
