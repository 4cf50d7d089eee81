// The one table: who offered what.
import type { Db } from 'rostra/plugin';

export async function up(db: Db): Promise<void> {
  await db.raw(`
    create table example.offer (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      person_id bigint not null references people.person on delete restrict,
      reference text not null check (length(reference) between 1 and 100),
      text text not null check (length(text) between 1 and 1000),
      made_at timestamptz not null,
      told_at timestamptz,
      closed_at timestamptz,
      unique (organization_id, reference)
    );
    create index offer_person on example.offer (person_id);
    create index offer_open on example.offer (organization_id, id) where closed_at is null;
    comment on table example.offer is 'What people said that they would lend a hand with.';
    comment on column example.offer.reference is 'What the sender calls it, so that one that comes twice is taken once.';
    comment on column example.offer.told_at is 'When the person''s story told of it.';
    select core.secure('example.offer', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(db: Db): Promise<void> {
  await db.raw('drop table example.offer');
}
