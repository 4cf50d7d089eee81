// The demo: what of this install is invented, so that nothing is sent while it is here and all of it can go.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${tables}; ${outlives}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.audit add constraint audit_organization_id_fkey
      foreign key (organization_id) references core.organization on delete restrict not valid;
    alter table core.audit_detail add constraint audit_detail_organization_id_fkey
      foreign key (organization_id) references core.organization on delete restrict not valid;
    drop table core.demo_row, core.demo`);
}

const tables = `
  create table core.demo (
    country text not null,
    organizations bigint[] not null,
    accounts bigint[] not null,
    legal jsonb not null,
    begun_at timestamptz not null,
    filled_at timestamptz
  );
  create unique index demo_one on core.demo ((true));
  comment on table core.demo is 'While its one row is here no message leaves. Without filled_at it was cut off half-way.';
  comment on column core.demo.organizations is 'Invented chapters; with the invented accounts they go with the demo.';
  comment on column core.demo.legal is 'What was invented of the party''s legal identity, where it had said nothing.';

  create table core.demo_row (
    plugin text not null,
    kind text not null,
    id text not null,
    primary key (plugin, kind, id)
  );
  comment on table core.demo_row is 'What plugins invented. Nothing here is on anyone who lives.';

  select core.secure('core.demo', 'false');
  select core.secure('core.demo_row', 'false')`;

/** The trail stays when an invented chapter goes; it names what is no more, as it does for everything else. */
const outlives = `
  alter table core.audit drop constraint audit_organization_id_fkey;
  alter table core.audit_detail drop constraint audit_detail_organization_id_fkey`;
