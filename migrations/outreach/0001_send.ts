// What is sent to many, and to whom: each recipient a row before anything is handed over.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${sends}; ${recipients}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table outreach.recipient, outreach.send');
}

const sends = `
  create table outreach.send (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    channel text not null check (channel ~ '^[a-z][a-z0-9-]{1,40}$'),
    name text not null check (length(name) between 1 and 200),
    newsletter_id bigint not null,
    content jsonb not null,
    state text not null default 'draft'
      check (state in ('draft', 'approved', 'sending', 'paused', 'done', 'cancelled')),
    version integer not null default 1,
    author text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    approver text,
    approved_at timestamptz,
    starts_at timestamptz,
    frozen_at timestamptz,
    ended_at timestamptz,
    check (state = 'draft' or (approver is not null and approved_at is not null and starts_at is not null))
  );
  create index send_listed on outreach.send (organization_id, id desc);
  create index send_open on outreach.send (organization_id) where state in ('approved', 'sending');
  comment on column outreach.send.newsletter_id is 'The audience: who subscribed, without any further choice.';
  comment on column outreach.send.content is 'As the channel''s plugin understands it.';
  comment on column outreach.send.author is 'Name of the staff who began it; the approver''s stands beside it.';
  comment on column outreach.send.frozen_at is 'From then on nobody joins the recipients.'`;

const recipients = `
  create table outreach.recipient (
    id bigint generated always as identity primary key,
    key uuid not null default gen_random_uuid(),
    send_id bigint not null references outreach.send on delete restrict,
    person_id bigint references people.person on delete restrict,
    address text,
    locale text not null,
    is_direct boolean not null,
    decision text not null,
    consent_id bigint,
    state text not null default 'ready'
      check (state in ('ready', 'claimed', 'handed', 'accepted', 'refused', 'unknown', 'skipped')),
    due_at timestamptz not null,
    holder text,
    attempts integer not null default 0,
    answer text,
    handed_at timestamptz,
    settled_at timestamptz,
    left_at timestamptz,
    unique (send_id, person_id)
  );
  create index recipient_counted on outreach.recipient (send_id, state);
  create index recipient_ready on outreach.recipient (send_id, due_at, id) where state = 'ready';
  create index recipient_held on outreach.recipient (holder) where state in ('claimed', 'handed');
  create index recipient_person on outreach.recipient (person_id) where person_id is not null;
  create index recipient_settled on outreach.recipient (settled_at) where person_id is not null;
  comment on column outreach.recipient.key is 'Names the message to the outside: the id would tell how many there were.';
  comment on column outreach.recipient.person_id is 'Empty once the person is erased, or the time is over: the count stays.';
  comment on column outreach.recipient.is_direct is 'The address came from the person; else the message says whence.';
  comment on column outreach.recipient.decision is 'The rules that allowed it, with their packs and versions.';
  comment on column outreach.recipient.consent_id is 'The row of the ledger on which it rested, if there was one.';
  comment on column outreach.recipient.state is
    'ready, claimed, handed are under way; skipped: when its turn came, the person was not to be written to any more.'`;

const walls = `
  select core.secure('outreach.send', 'organization_id = any ((select core.visible())::bigint[])');
  select core.secure('outreach.recipient',
    $$ exists (select from outreach.send s where s.id = recipient.send_id) $$)`;
