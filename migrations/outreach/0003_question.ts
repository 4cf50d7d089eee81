// Above a size somebody else than the writer releases: who wrote last, who asked, who sent it back with which words.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table outreach.send
      add column writer_id bigint references core.account on delete set null,
      add column writer text,
      add column approver_id bigint references core.account on delete set null,
      add column asked_at timestamptz,
      add column asked_by text,
      add column asked_start timestamptz,
      add column back_at timestamptz,
      add column back_by text,
      add column back_note text check (length(back_note) <= 2000);
    update outreach.send set writer = author;
    create index send_asked on outreach.send (organization_id) where asked_at is not null and state = 'draft';
    comment on column outreach.send.writer_id is 'Of the last version: by the account, for two may have one name.';
    comment on column outreach.send.asked_at is 'Taken back by each change of the text.';
    comment on column outreach.send.asked_start is 'When it is to leave; empty: as soon as it is released.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table outreach.send drop column writer_id, drop column writer, drop column approver_id,
      drop column asked_at, drop column asked_by, drop column asked_start,
      drop column back_at, drop column back_by, drop column back_note`);
}
