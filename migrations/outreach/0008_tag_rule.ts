// Tags by rule: which word in an answer puts which tag on its writer, whichever way the answer came.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table outreach.tag_rule (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      send_id bigint,
      words text[] not null check (cardinality(words) between 1 and 20),
      tag text not null check (length(tag) between 1 and 60),
      put integer not null default 0,
      kept_off integer not null default 0,
      created_at timestamptz not null
    );
    create index tag_rule_listed on outreach.tag_rule (organization_id, id);
    comment on column outreach.tag_rule.send_id is 'Of the answers to it alone; empty: of all.';
    comment on column outreach.tag_rule.words is 'One of them is enough; whole words, without case and accents.';
    comment on column outreach.tag_rule.put is 'How many have got the tag by it.';
    comment on column outreach.tag_rule.kept_off is 'How often it was not put: who had written objected, or the law lets no such note.';
    select core.secure('outreach.tag_rule', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table outreach.tag_rule');
}
