// Files that staff uploaded: what each is and whose; the bytes lie in the store under their digest.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.upload (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete cascade,
      plugin text not null,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      extension text not null check (extension ~ '^[a-z0-9]{2,5}$'),
      kind text not null check (kind in ('image', 'font')),
      media_type text not null,
      name text not null check (length(name) <= 200),
      bytes integer not null check (bytes > 0),
      width integer check (width > 0),
      height integer check (height > 0),
      is_variable boolean,
      author text,
      created_at timestamptz not null,
      unique (organization_id, plugin, sha256)
    );
    create index upload_sha256 on core.upload (sha256);
    comment on table core.upload is
      'A chapter reads those above it too, for it wears the look of the party.';
    comment on column core.upload.sha256 is 'Of what is kept, from which place and camera were taken out.';
    comment on column core.upload.is_variable is 'Of a font: whether it holds every weight.';
    comment on column core.upload.author is 'Name of the staff who uploaded it.';
    select core.secure('core.upload', $$ exists (select from core.organization o
      where upload.organization_id::text = any (string_to_array(o.path::text, '.'))) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.upload');
}
