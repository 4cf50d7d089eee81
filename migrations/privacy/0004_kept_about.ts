// What is under seal is found again by the plugin whose it is: for a list that the law wants with every name.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table privacy.kept add column about text check (length(about) between 1 and 100);
    create index kept_about on privacy.kept (plugin, about) where about is not null;
    comment on column privacy.kept.about is
      'What it is of, in the plugin''s own word and of nobody in particular: donation:17.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table privacy.kept drop column about');
}
