// The person, the ways to reach them, which chapters see them, and what is searched.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${person}; ${ways}; ${seen}; ${search}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table people.alias, people.affiliation, people.postal_address, people.phone_number,
      people.email_address, people.person;
    drop function people.refresh_changed, people.refresh, people.name_person`);
}

const person = `
  create table people.person (
    id bigint generated always as identity primary key,
    key uuid unique,
    given_name text check (length(given_name) between 1 and 200),
    family_name text check (length(family_name) between 1 and 200),
    birth_date date,
    locale text,
    source text not null,
    version integer not null default 1,
    sort_name text not null default '',
    search text not null default '',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    erased_at timestamptz,
    check ((key is null) = (erased_at is not null))
  );
  create index person_sorted on people.person (sort_name, id) where erased_at is null;
  create index person_created on people.person (created_at) where erased_at is null;
  create index person_changed on people.person (changed_at, id);
  comment on table people.person is
    'Anyone the party keeps a record on. After an erasure only the number and the time stay, so that a restored backup is cleaned again.';
  comment on column people.person.key is 'For public addresses: the id would tell how many there are.';
  comment on column people.person.birth_date is 'The law asks for ages: consent of the young, age floors of messages.';
  comment on column people.person.source is 'Where the data came from; the person may ask.';
  comment on column people.person.version is 'Moves with each edit, so that two editors do not overwrite each other.';
  comment on column people.person.search is 'Names and ways to reach, folded; kept by triggers.'`;

const ways = `
  create table people.email_address (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    address text not null unique check (address = lower(btrim(address)) and length(address) between 3 and 254),
    status text not null default 'ok' check (status in ('ok', 'bounced', 'bad')),
    is_primary boolean not null default false,
    created_at timestamptz not null
  );
  create index email_address_person on people.email_address (person_id);
  create unique index email_address_primary on people.email_address (person_id) where is_primary;
  comment on column people.email_address.address is 'One person each, party-wide: by it a person is found again.';

  create table people.phone_number (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    number text not null check (number ~ '^\\+[1-9][0-9]{5,14}$'),
    status text not null default 'ok' check (status in ('ok', 'bounced', 'bad')),
    created_at timestamptz not null,
    unique (person_id, number)
  );
  create index phone_number_number on people.phone_number (number);
  comment on column people.phone_number.number is 'E.164. A household may share one.';

  create table people.postal_address (
    id bigint generated always as identity primary key,
    person_id bigint not null references people.person on delete restrict,
    line1 text,
    line2 text,
    postcode text,
    locality text,
    region text,
    country text check (country ~ '^[A-Z]{2}$'),
    created_at timestamptz not null,
    check (coalesce(line1, line2, postcode, locality, region, country) is not null)
  );
  create index postal_address_person on people.postal_address (person_id);
  comment on column people.postal_address.country is 'Decides whose law is asked.'`;

const seen = `
  create table people.affiliation (
    person_id bigint not null references people.person on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    since timestamptz not null,
    primary key (organization_id, person_id)
  );
  create index affiliation_person on people.affiliation (person_id);
  comment on table people.affiliation is 'Which chapters see the person; the party sees all.';

  create table people.alias (
    old_id bigint primary key,
    new_id bigint not null references people.person on delete restrict,
    at timestamptz not null,
    check (old_id <> new_id)
  );
  create index alias_new on people.alias (new_id);
  comment on table people.alias is 'A merged person''s id leads to whom they were merged into.'`;

/** Statement by statement, so that an import of thousands touches each person once. */
const search = `
  create function people.refresh(ids bigint[]) returns void language sql as $body$
    update people.person p set
      sort_name = core.fold(coalesce(nullif(concat_ws(' ', p.family_name, p.given_name), ''), w.first_email, w.first_number, '')),
      search = core.fold(' ' || concat_ws(' ', p.given_name, p.family_name, w.emails, w.numbers))
    from unnest(ids) as wanted (id)
    cross join lateral (
      select
        (select string_agg(address, ' ') from people.email_address e where e.person_id = wanted.id) as emails,
        (select address from people.email_address e where e.person_id = wanted.id
          order by is_primary desc, e.id limit 1) as first_email,
        (select string_agg(number, ' ') from people.phone_number n where n.person_id = wanted.id) as numbers,
        (select min(number) from people.phone_number n where n.person_id = wanted.id) as first_number
    ) w
    where p.id = wanted.id
  $body$;

  create function people.refresh_changed() returns trigger language plpgsql as $body$
  begin
    perform people.refresh(array(select distinct person_id from changed));
    return null;
  end $body$;

  create function people.name_person() returns trigger language plpgsql as $body$
  begin
    new.sort_name := core.fold(concat_ws(' ', new.family_name, new.given_name));
    new.search := core.fold(' ' || concat_ws(' ', new.given_name, new.family_name));
    return new;
  end $body$;

  create trigger name before insert on people.person
    for each row execute function people.name_person();
  create trigger search_inserted after insert on people.email_address
    referencing new table as changed for each statement execute function people.refresh_changed();
  create trigger search_updated after update on people.email_address
    referencing new table as changed for each statement execute function people.refresh_changed();
  create trigger search_deleted after delete on people.email_address
    referencing old table as changed for each statement execute function people.refresh_changed();
  create trigger search_inserted after insert on people.phone_number
    referencing new table as changed for each statement execute function people.refresh_changed();
  create trigger search_updated after update on people.phone_number
    referencing new table as changed for each statement execute function people.refresh_changed();
  create trigger search_deleted after delete on people.phone_number
    referencing old table as changed for each statement execute function people.refresh_changed();

  create index person_search on people.person using gin (search gin_trgm_ops) where erased_at is null`;

/** The second wall: chapters read whom they are affiliated with. */
export const ofSeenPerson = (table: string, column = 'person_id'): string => `
  select core.secure('people.${table}', $$ exists (select from people.affiliation a
    where a.person_id = ${table}.${column} and a.organization_id = any ((select core.visible())::bigint[])) $$)`;

const walls = [
  `select core.secure('people.affiliation', 'organization_id = any ((select core.visible())::bigint[])')`,
  ofSeenPerson('person', 'id'),
  ofSeenPerson('email_address'),
  ofSeenPerson('phone_number'),
  ofSeenPerson('postal_address'),
  ofSeenPerson('alias', 'new_id'),
].join(';');
