// What people wrote back to letters, and what staff answered.
import type { Knex } from 'knex';

const ofOwn = 'organization_id = any ((select core.visible())::bigint[])';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table email.answer (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      thread uuid not null default gen_random_uuid(),
      key uuid,
      is_proven boolean not null,
      send_id bigint,
      person_id bigint references people.person on delete restrict,
      from_address text not null check (length(from_address) <= 254),
      from_name text not null check (length(from_name) <= 200),
      subject text not null check (length(subject) <= 500),
      text text not null check (length(text) <= 20000),
      attachments text[] not null default '{}' check (cardinality(attachments) <= 50),
      is_cut boolean not null default false,
      message_id text not null check (length(message_id) between 1 and 250),
      refs text[] not null default '{}' check (cardinality(refs) <= 20),
      asks text check (asks in ('stop', 'mentions')),
      stopped_at timestamptz,
      stopped_by text,
      state text not null default 'new' check (state in ('new', 'done')),
      done_by text,
      done_at timestamptz,
      received_at timestamptz not null,
      heard_at timestamptz,
      unique (organization_id, message_id)
    );
    create index answer_listed on email.answer (organization_id, received_at desc, id desc);
    create index answer_thread on email.answer (thread);
    create index answer_unheard on email.answer (organization_id, id) where heard_at is null;
    create index answer_person on email.answer (person_id) where person_id is not null;
    create index answer_received on email.answer (received_at);
    comment on column email.answer.thread is 'What belongs together: of a letter its reader''s key. Our own answers are written back to by it.';
    comment on column email.answer.key is 'Of outreach: of which recipient''s letter it speaks; whether by its address or its head alone, is_proven says.';
    comment on column email.answer.is_proven is 'It came to an address that stood in one reader''s letter alone. Else the sender may be made up.';
    comment on column email.answer.person_id is 'Goes with the person.';
    comment on column email.answer.attachments is 'Their names: they lie in the mailbox.';
    comment on column email.answer.is_cut is 'It was longer than what is read of a message, or than what is kept of a text.';
    comment on column email.answer.message_id is 'The sender''s, or a digest where that is none: the same again is nothing new.';
    comment on column email.answer.asks is 'To be written to no more: plainly, or in a sentence that staff look at.';
    comment on column email.answer.stopped_by is 'Name of the staff who did as was asked; empty where it was done by itself.';
    create table email.reply (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      answer_id bigint not null references email.answer on delete cascade,
      author text not null,
      text text not null check (length(text) between 1 and 20000),
      state text not null default 'ready' check (state in ('ready', 'sent', 'refused')),
      due_at timestamptz,
      created_at timestamptz not null,
      settled_at timestamptz
    );
    create index reply_answer on email.reply (answer_id);
    comment on column email.reply.state is 'sent: it went to the outbox, which tells the rest.';
    alter table email.welcomed add column key uuid not null default gen_random_uuid();
    create unique index welcomed_key on email.welcomed (key);
    comment on column email.welcomed.key is 'Names the letter to the outside: it is answered at an address made from it.';
    select core.secure('email.answer', '${ofOwn}');
    select core.secure('email.reply', '${ofOwn}')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop table email.reply, email.answer; alter table email.welcomed drop column key',
  );
}
