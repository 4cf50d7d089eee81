// In the journal of erasures also who said no, so that a restored backup does not write to them.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table core.erasure
      add column plugin text,
      add column said text check (said ~ '^[!-~]+$' and length(said) <= 2000),
      add check ((plugin is null) = (said is null) and (said is null or merged_into is null));
    comment on column core.erasure.said is
      'Set where the person was not erased but said no to something: in the words of the plugin, a hash or the name of a channel. Nothing that tells who it is.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from core.erasure where said is not null;
    alter table core.erasure drop column said, drop column plugin`);
}
