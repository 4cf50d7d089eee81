// The outbox: each message as its reader gets it, before it is sent and for a while after.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.outbox (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      view text not null,
      locale text not null,
      person_id text,
      to_address text not null,
      subject text not null,
      html text not null,
      text text not null,
      message_id text not null unique,
      state text not null default 'ready'
        check (state in ('ready', 'claimed', 'handed', 'accepted', 'refused', 'unknown')),
      attempts integer not null default 0,
      answer text,
      holder text,
      created_at timestamptz not null,
      due_at timestamptz not null,
      handed_at timestamptz,
      settled_at timestamptz
    );
    create index outbox_ready on core.outbox (organization_id, due_at) where state = 'ready';
    create index outbox_held on core.outbox (holder) where state in ('claimed', 'handed');
    create index outbox_organization on core.outbox (organization_id, id);
    create index outbox_person on core.outbox (person_id) where person_id is not null;
    create index outbox_settled on core.outbox (settled_at);
    comment on table core.outbox is
      'Messages to one person each; the settled ones go after 90 days, all of a person with the person.';
    comment on column core.outbox.state is
      'handed without an answer becomes unknown after a crash, and is never sent again by itself.';
    comment on column core.outbox.answer is 'What the mail server said last, without addresses.';
    comment on column core.outbox.holder is 'The process that claimed it; its lock tells whether it lives.';
    select core.secure('core.outbox', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.outbox');
}
