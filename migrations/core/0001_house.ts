// The ground of every table: what a chapter sees, and the party with its chapters.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await createFunctions(knex);
  await knex.raw(organizations);
  await knex.raw(tree);
  await knex.raw(chapters);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table core.version, core.plugin_switch, core.host, core.organization;
    drop function core.place_organization, core.move_below, core.secure, core.visible, core.fold`);
}

async function createFunctions(knex: Knex): Promise<void> {
  const found = await knex.raw(
    `select extnamespace::regnamespace::text as schema from pg_extension where extname = 'unaccent'`,
  );
  const { schema } = found.rows[0];
  await knex.raw(`
    create function core.visible() returns bigint[] language sql stable parallel safe
      return nullif(current_setting('rostra.organizations', true), '')::bigint[];
    comment on function core.visible() is
      'Organizations that the reader of this transaction sees; null, so none, when unset. In policies: any ((select core.visible())::bigint[]).';

    create function core.secure(target regclass, visible text) returns void language plpgsql as $body$
    begin
      execute format('alter table %s enable row level security', target);
      execute format('drop policy if exists chapter on %s', target);
      execute format('create policy chapter on %s for select to rostra_chapter using (%s)', target, visible);
    end $body$;
    comment on function core.secure(regclass, text) is
      'Shows chapters the rows for which the condition holds, and no other.';

    create function core.fold(words text) returns text language sql immutable strict parallel safe
      return lower(${schema}.unaccent('${schema}.unaccent'::regdictionary, words));
    comment on function core.fold(text) is
      'Without accents and capitals, for search. Immutable in fact: the dictionary is never altered.'`);
}

const organizations = `
  create table core.organization (
    id bigint generated always as identity primary key,
    parent_id bigint references core.organization on delete restrict,
    path ltree not null unique,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]*$'),
    name text not null check (name <> ''),
    jurisdiction text,
    locale text,
    time_zone text,
    legal jsonb not null default '{}',
    created_at timestamptz not null
  );
  create unique index organization_one_root on core.organization ((true)) where parent_id is null;
  create index organization_parent on core.organization (parent_id);
  comment on table core.organization is 'The party (the one without a parent) and its chapters.';
  comment on column core.organization.path is 'Ids from the root down to its own; set by a trigger.';
  comment on column core.organization.jurisdiction is 'Pack in force; null: the parent''s. The same for locale and time_zone.';

  create table core.host (
    host text primary key check (host = lower(host)),
    organization_id bigint not null references core.organization on delete cascade
  );
  create index host_organization on core.host (organization_id);

  create table core.plugin_switch (
    organization_id bigint not null references core.organization on delete cascade,
    plugin text not null,
    is_on boolean not null,
    changed_at timestamptz not null,
    primary key (organization_id, plugin)
  );

  create table core.version (
    name text primary key,
    version bigint not null
  );
  comment on table core.version is 'Moves in the transaction that changes what processes keep in memory.'`;

const tree = `
  create function core.place_organization() returns trigger language plpgsql as $body$
  declare
    above ltree := (select path from core.organization where id = new.parent_id);
  begin
    if new.id::text = any (string_to_array(above::text, '.')) then
      raise exception 'organization % cannot stand below itself', new.id using errcode = 'check_violation';
    end if;
    new.path := case when new.parent_id is null then new.id::text::ltree else above || new.id::text end;
    return new;
  end $body$;
  create trigger place before insert or update of parent_id on core.organization
    for each row execute function core.place_organization();

  create function core.move_below() returns trigger language plpgsql as $body$
  begin
    update core.organization set path = new.path || subpath(path, nlevel(old.path))
      where path <@ old.path and id <> new.id;
    return null;
  end $body$;
  create trigger move after update of parent_id on core.organization
    for each row when (old.path <> new.path) execute function core.move_below()`;

const chapters = `
  select core.secure('core.organization', 'id = any ((select core.visible())::bigint[])');
  select core.secure('core.host', 'organization_id = any ((select core.visible())::bigint[])');
  select core.secure('core.plugin_switch', 'organization_id = any ((select core.visible())::bigint[])')`;
