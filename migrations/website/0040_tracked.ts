// By which link who signed up had come: kept with the claim, and counted without the person once it is confirmed.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table website.submission add column tracking text check (length(tracking) between 1 and 100);
    create table website.tracked (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      tracking text not null check (length(tracking) between 1 and 100)
    );
    create index tracked_counted on website.tracked (tracking);
    comment on column website.submission.tracking is 'What stood in the address of the form: it names a link, and nobody.';
    comment on table website.tracked is 'One row for each sign-up that was confirmed and had come by such a link; of whom it was is not kept.';
    select core.secure('website.tracked', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table website.tracked; alter table website.submission drop column tracking');
}
