// How an organization's site looks: a draft, what is published, and what was published before.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `
    create table core.look (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete cascade,
      state text not null check (state in ('draft', 'published')),
      choices jsonb not null check (jsonb_typeof(choices) = 'object'),
      revision integer not null default 1,
      restored_from bigint references core.look on delete set null,
      author text,
      at timestamptz not null
    );
    create unique index look_one_draft on core.look (organization_id) where state = 'draft';
    create index look_organization on core.look (organization_id, id);
    create index look_restored on core.look (restored_from) where restored_from is not null;
    comment on table core.look is
      'The newest published one is worn. A chapter reads those above it too, for it inherits from them.';
    comment on column core.look.choices is 'Only what differs from above.';
    comment on column core.look.author is 'Name of the staff who saved or published it.';
    select core.secure('core.look', $$ exists (select from core.organization o
      where look.organization_id::text = any (string_to_array(o.path::text, '.'))) $$);

    insert into core.look (organization_id, state, choices, at)
      select organization_id, 'published', jsonb_build_object('accent', lower(own_values ->> 'accent')), changed_at
      from core.setting where plugin = 'core' and own_values ? 'accent';
    update core.setting set own_values = own_values - 'accent' where plugin = 'core'`.replaceAll(
      '?',
      '\\?',
    ),
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `update core.setting set own_values = own_values || jsonb_build_object('accent', look.choices ->> 'accent')
       from (select distinct on (organization_id) organization_id, choices from core.look
         where state = 'published' order by organization_id, id desc) look
       where plugin = 'core' and setting.organization_id = look.organization_id and look.choices \\? 'accent';
     drop table core.look`,
  );
}
