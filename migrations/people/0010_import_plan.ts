// Imports are looked at before they run: rows in their final form, what becomes of each, who must not be reached.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${imports}; ${staging}; ${known}; ${reasons}; ${bulk}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table people.import_ready, people.import_stop, people.external_id, people.consent_claim;
    drop function people.is_objected;
    delete from people.suppression where reason = 'dead';
    alter table people.suppression drop constraint suppression_reason_check;
    alter table people.suppression add constraint suppression_reason_check
      check (reason in ('objection', 'complaint', 'unsubscribed', 'erased'));
    update people.import set state = 'failed' where state in ('checking', 'checked');
    alter table people.import drop constraint import_state_check;
    alter table people.import add constraint import_state_check
      check (state in ('staged', 'running', 'done', 'failed'));
    alter table people.import drop column counts, drop column fault, drop column ready_rows,
      drop column checked_rows, drop column at_line, drop column unchanged_people, drop column twin_rows,
      drop column is_wanted, drop column encoding, drop column attempts, drop column touched_at,
      drop column version`);
}

const imports = `
  alter table people.import drop constraint import_state_check;
  alter table people.import add constraint import_state_check
    check (state in ('staged', 'checking', 'checked', 'running', 'done', 'failed'));
  alter table people.import
    add column counts jsonb,
    add column fault text,
    add column ready_rows integer not null default 0,
    add column checked_rows integer not null default 0,
    add column at_line integer not null default 0,
    add column unchanged_people integer not null default 0,
    add column twin_rows integer not null default 0,
    add column is_wanted boolean not null default false,
    add column encoding text,
    add column attempts integer not null default 0,
    add column touched_at timestamptz,
    add column version integer not null default 0;
  comment on column people.import.counts is 'What the dry run found.';
  comment on column people.import.fault is 'Why it failed: a key in the locales.';
  comment on column people.import.at_line is 'Up to which line of the file the run has committed.';
  comment on column people.import.is_wanted is 'Runs as soon as it is checked, since whoever started it asked for no dry run.';
  comment on column people.import.version is 'Moves with each plan: a check that began before does not end the one after.'`;

const staging = `
  create unlogged table people.import_ready (
    import_id bigint not null,
    line integer not null,
    label integer not null,
    verdict text check (verdict in ('new', 'changed', 'unchanged', 'twin', 'refused')),
    person_id bigint,
    external text,
    given_name text,
    family_name text,
    birth_date date,
    emails text[] not null,
    email_states text[] not null,
    phones text[] not null,
    phone_states text[] not null,
    line1 text,
    line2 text,
    postcode text,
    locality text,
    region text,
    country text,
    relation text,
    tags text[] not null,
    claims text[] not null,
    name_key text generated always as
      (core.fold(coalesce(family_name || ' ' || given_name, family_name, given_name, ''))) stored,
    primary key (import_id, line)
  );
  comment on table people.import_ready is 'Rows of a file as they would be kept, until the import ends or a day has passed.';
  comment on column people.import_ready.label is 'Line of the row that stands for the same person.';

  create unlogged table people.import_stop (
    import_id bigint not null,
    line integer not null,
    kind text not null check (kind in ('email', 'phone')),
    address text not null,
    reason text not null
  );
  create index import_stop_line on people.import_stop (import_id, line);
  comment on table people.import_stop is 'Addresses in a file that must not be reached any more, those of refused rows too.'`;

const known = `
  create table people.external_id (
    person_id bigint not null references people.person on delete restrict,
    system text not null check (length(system) between 1 and 60),
    value text not null check (length(value) between 1 and 200),
    at timestamptz not null,
    primary key (system, value)
  );
  create index external_id_person on people.external_id (person_id);
  comment on table people.external_id is 'The person''s number in the system they were brought from: by it a later list finds them again.';

  create table people.consent_claim (
    person_id bigint not null references people.person on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    channel text not null check (channel in ('email', 'sms')),
    import_id bigint not null references people.import on delete restrict,
    at timestamptz not null,
    primary key (person_id, organization_id, channel)
  );
  create index consent_claim_import on people.consent_claim (import_id);
  comment on table people.consent_claim is
    'A list said that the person had agreed, without proof. No consent: nothing may be sent on it.'`;

const reasons = `
  alter table people.suppression drop constraint suppression_reason_check;
  alter table people.suppression add constraint suppression_reason_check
    check (reason in ('objection', 'complaint', 'unsubscribed', 'erased', 'dead'));

  create function people.is_objected(kind text, address text) returns boolean
    language sql stable strict security definer set search_path = pg_catalog
    return exists (select from people.suppression s where s.kind = is_objected.kind and s.reason <> 'dead'
      and s.hash = people.keyed_hash(is_objected.kind, is_objected.address));
  comment on function people.is_objected(text, text) is
    'Suppressed by the person''s will, which holds for the whole channel; a dead address stops itself alone.';

  create or replace function people.is_suppressed_for_good(kind text, address text) returns boolean
    language sql stable strict security definer set search_path = pg_catalog
    return exists (select from people.suppression s
      where s.kind = is_suppressed_for_good.kind and s.reason not in ('unsubscribed', 'dead')
        and s.hash = people.keyed_hash(is_suppressed_for_good.kind, is_suppressed_for_good.address))`;

/** What an import writes it has made searchable itself, once a person instead of once a table. */
const bulk = `
  create or replace function people.refresh_changed() returns trigger language plpgsql as $body$
  begin
    if current_setting('people.bulk', true) = 'on' then return null; end if;
    perform people.refresh(array(select distinct person_id from changed));
    return null;
  end $body$;

  create or replace function people.name_person() returns trigger language plpgsql as $body$
  begin
    if new.search <> '' then return new; end if;
    new.sort_name := core.fold(concat_ws(' ', new.family_name, new.given_name));
    new.search := core.fold(' ' || concat_ws(' ', new.given_name, new.family_name));
    return new;
  end $body$`;

const ofImport = (table: string): string =>
  `select core.secure('people.${table}', $$ exists (select from people.import i where i.id = ${table}.import_id
    and i.organization_id = any ((select core.visible())::bigint[])) $$)`;

const walls = [
  ofImport('import_ready'),
  ofImport('import_stop'),
  ofSeenPerson('external_id'),
  ofSeenPerson('consent_claim'),
].join(';');
