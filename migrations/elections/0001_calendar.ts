// The election calendar: what is voted on where, and when the polls close.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table elections.election (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete cascade,
      name text not null check (length(name) between 1 and 200),
      kind text not null check (kind in ('presidential', 'legislative', 'regional', 'municipal', 'european',
        'referendum', 'internal', 'other')),
      constituency text not null check (length(constituency) between 1 and 200),
      country text not null check (country ~ '^[A-Z]{2}$'),
      place text not null default '' check (length(place) <= 40),
      time_zone text not null check (time_zone <> ''),
      created_at timestamptz not null
    );
    create index election_organization on elections.election (organization_id);
    comment on table elections.election is
      'Concerns its organization, those below it and those above it: these read it.';
    comment on column elections.election.place is 'Code of the place, e.g. of a département; may be empty.';

    create table elections.round (
      id bigint generated always as identity primary key,
      election_id bigint not null references elections.election on delete cascade,
      day date not null,
      closes text not null check (closes ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
      place text not null default '' check (length(place) <= 100),
      time_zone text check (time_zone <> ''),
      unique (election_id, day, place)
    );
    comment on column elections.round.closes is
      'When the last polling station closes, on a clock of the round''s own zone or else of the election''s.';
    comment on column elections.round.place is
      'A part of the constituency that votes on another day or clock; empty: all the rest.';

    select core.secure('elections.election', $$ exists (select from core.organization o
      where o.id = any ((select core.visible())::bigint[])
        and (o.id = election.organization_id
          or election.organization_id::text = any (string_to_array(o.path::text, '.')))) $$);
    select core.secure('elections.round', $$ exists (select from elections.election e where e.id = round.election_id) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table elections.round, elections.election');
}
