// Pictures of the site, each with what it shows in words; and the one that networks show of a page.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table website.image (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      upload_id bigint not null,
      href text not null check (href ~ '^/uploads/'),
      alt text not null check (length(alt) between 1 and 300),
      width integer not null check (width > 0),
      height integer not null check (height > 0),
      created_at timestamptz not null,
      unique (organization_id, upload_id)
    );
    comment on column website.image.upload_id is 'Of the core''s store.';
    comment on column website.image.alt is 'What it shows, for those who do not see it.';
    select core.secure('website.image', 'organization_id = any ((select core.visible())::bigint[])');
    alter table website.page add column image_id bigint references website.image on delete set null;
    create index page_image on website.page (image_id) where image_id is not null;
    comment on column website.page.image_id is 'Shown by networks and messengers beside a link to the page.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table website.page drop column image_id; drop table website.image');
}
