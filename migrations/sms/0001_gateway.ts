// Accounts at gateways, the messages that went and came through them, and receipts that came before their message was kept.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${accounts}; ${messages}; ${receipts}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table sms.receipt, sms.message, sms.account');
}

const ofOwn = 'organization_id = any ((select core.visible())::bigint[])';

const accounts = `
  create table sms.account (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    gateway text not null check (gateway ~ '^[a-z][a-z0-9-]{1,39}$'),
    sender text not null check (length(sender) between 1 and 20),
    price_milli bigint not null default 0 check (price_milli >= 0),
    currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
    per_second integer check (per_second between 1 and 10000),
    public_settings jsonb not null default '{}',
    sealed_settings text not null,
    hook_key text not null unique default encode(sha256(gen_random_uuid()::text::bytea), 'hex'),
    created_at timestamptz not null,
    ended_at timestamptz
  );
  create unique index account_one on sms.account (organization_id) where ended_at is null;
  comment on column sms.account.sender is 'What a reader sees as whom it is from: a number, a short code, or letters.';
  comment on column sms.account.price_milli is 'Of one part, in thousandths of the currency''s smallest unit.';
  comment on column sms.account.sealed_settings is 'Keys, closed with the install''s secret.';
  comment on column sms.account.hook_key is 'In the address that the gateway calls.';
  select core.secure('sms.account', '${ofOwn}')`;

const messages = `
  create table sms.message (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    account_id bigint not null references sms.account on delete restrict,
    direction text not null check (direction in ('outbound', 'inbound')),
    key text,
    reference text check (length(reference) between 1 and 200),
    person_id bigint references people.person on delete restrict,
    number text,
    sender text not null,
    text text,
    parts integer not null default 1 check (parts between 1 and 255),
    cost_milli bigint not null default 0,
    currency text not null,
    state text not null
      check (state in ('handed', 'accepted', 'refused', 'unknown', 'later', 'delivered', 'failed', 'received')),
    answer text check (length(answer) <= 500),
    receipt_at timestamptz,
    at timestamptz not null,
    heard_at timestamptz,
    check ((direction = 'inbound') = (state = 'received')),
    check (direction = 'inbound' or key is not null)
  );
  create unique index message_key on sms.message (account_id, key) where key is not null;
  create unique index message_reference on sms.message (account_id, direction, reference) where reference is not null;
  create index message_unheard on sms.message (organization_id) where direction = 'inbound' and heard_at is null;
  create index message_number on sms.message (account_id, number, at);
  create index message_person on sms.message (person_id) where person_id is not null;
  comment on column sms.message.key is 'Of outgoing ones: the name that the engine, or whoever wrote it, gave it.';
  comment on column sms.message.number is 'The other side''s. Empty, as the text, once the person is erased or the time is over.';
  comment on column sms.message.heard_at is 'Of one that came: when it was acted on.';
  comment on column sms.message.state is
    'accepted: the gateway took it; delivered and failed: as its receipt says, the best that came; later: to be tried again.';
  select core.secure('sms.message', '${ofOwn}')`;

const receipts = `
  create table sms.receipt (
    account_id bigint not null references sms.account on delete restrict,
    reference text not null check (length(reference) between 1 and 200),
    state text not null check (state in ('delivered', 'failed', 'unknown')),
    is_permanent boolean not null default false,
    answer text not null check (length(answer) <= 500),
    at timestamptz not null,
    kept_at timestamptz not null,
    primary key (account_id, reference, state)
  );
  comment on table sms.receipt is 'Gone once its message is found: a gateway may tell of one before its answer to us is written down.';
  select core.secure('sms.receipt', $$ exists (select from sms.account a where a.id = receipt.account_id) $$)`;
