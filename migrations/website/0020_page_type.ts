// Pages of a kind that another plugin brings, with settings of that kind.
import type { Knex } from 'knex';

const kinds = ['front', 'page', 'news', 'post', 'sign_up', 'privacy', 'imprint'];

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table website.page
      drop constraint page_kind_check,
      add constraint page_kind_check check (kind in (${listed([...kinds, 'typed'])})),
      add column type text check (type ~ '^[a-z][a-z0-9-]*[.][a-z][a-z0-9-]*$'),
      add column settings jsonb check (jsonb_typeof(settings) = 'object'),
      add constraint page_typed
        check ((kind = 'typed') = (type is not null) and (kind = 'typed') = (settings is not null));
    create index page_type on website.page (type, organization_id) where type is not null;
    alter table website.revision
      add column settings jsonb check (jsonb_typeof(settings) = 'object');
    comment on column website.page.type is 'Of a page that another plugin fills: that plugin''s id, a dot, its name for the kind. Never changes.';
    comment on column website.page.settings is 'What the editor chose for this type, by its schema; nothing of a person.';
    comment on column website.revision.settings is 'Of a page with a type: as they were.'`);
}

/** What its plugin would have shown below the text is gone; the text stays. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table website.revision drop column settings;
    alter table website.page drop constraint page_typed;
    update website.page set kind = 'page' where kind = 'typed';
    alter table website.page drop column type, drop column settings, drop constraint page_kind_check,
      add constraint page_kind_check check (kind in (${listed(kinds)}))`);
}

function listed(names: string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
