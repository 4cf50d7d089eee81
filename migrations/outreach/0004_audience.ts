// A text goes to a newsletter's subscribers, or to those who have a tag: a selection, of which the law asks for a record.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table outreach.send
      alter column newsletter_id drop not null,
      add column tag_id bigint,
      add column declared text[] not null default '{}',
      add check (num_nonnulls(newsletter_id, tag_id) = 1);
    comment on column outreach.send.newsletter_id is 'The audience: who subscribed, without any further choice.';
    comment on column outreach.send.tag_id is 'The audience: who has the tag, which is a selection (Reg. (EU) 2024/900, art. 18).';
    comment on column outreach.send.declared is 'Conditions of the packs that whoever released it declared to be met.';

    create table outreach.selection (
      send_id bigint primary key references outreach.send on delete restrict,
      tag text not null,
      criteria text not null,
      rules text[] not null,
      declared text[] not null,
      elections text[] not null,
      people integer not null,
      begun_at timestamptz not null,
      keep_until timestamptz
    );
    comment on table outreach.selection is
      'Record of each text to a selection (Reg. (EU) 2024/900, art. 19): by what people were chosen and how many, of nobody by name.';
    comment on column outreach.selection.tag is 'As it was called then.';
    comment on column outreach.selection.criteria is 'By what they were chosen, in words.';
    comment on column outreach.selection.rules is 'The rules that allowed it, with their packs, versions and sources.';
    comment on column outreach.selection.elections is 'To which it is linked: those that were near then.';
    comment on column outreach.selection.keep_until is 'As the law says; empty where it says nothing.';
    select core.secure('outreach.selection',
      $$ exists (select from outreach.send s where s.id = selection.send_id) $$)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table outreach.selection;
    delete from outreach.recipient r using outreach.send s where s.id = r.send_id and s.tag_id is not null;
    delete from outreach.send where tag_id is not null;
    alter table outreach.send drop column tag_id, drop column declared, alter column newsletter_id set not null`);
}
