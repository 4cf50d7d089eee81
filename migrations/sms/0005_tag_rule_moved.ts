// Rules by which answers put tags hold on every channel: they move to outreach, which is migrated before.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    insert into outreach.tag_rule (organization_id, send_id, words, tag, put, kept_off, created_at)
    select organization_id, send_id, words, tag, put, kept_off, created_at from sms.tag_rule order by id;
    drop table sms.tag_rule`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    create table sms.tag_rule (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      send_id bigint,
      words text[] not null check (cardinality(words) between 1 and 20),
      tag text not null check (length(tag) between 1 and 60),
      put integer not null default 0,
      kept_off integer not null default 0,
      created_at timestamptz not null
    );
    create index tag_rule_listed on sms.tag_rule (organization_id, id);
    select core.secure('sms.tag_rule', 'organization_id = any ((select core.visible())::bigint[])');
    insert into sms.tag_rule (organization_id, send_id, words, tag, put, kept_off, created_at)
    select organization_id, send_id, words, tag, put, kept_off, created_at from outreach.tag_rule order by id;
    delete from outreach.tag_rule`);
}
