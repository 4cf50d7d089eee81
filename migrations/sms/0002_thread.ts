// Conversations by number, who looks after each, and who said stop.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${threads}; ${stops}; ${messages}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table sms.stopped_consent, sms.stop, sms.thread_person, sms.thread;
    alter table sms.message drop column author, drop column kind, drop column due_at`);
}

const ofOwn = 'organization_id = any ((select core.visible())::bigint[])';

const threads = `
  create table sms.thread (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    account_id bigint not null references sms.account on delete restrict,
    number text not null check (length(number) between 1 and 20),
    last_at timestamptz not null,
    last_in_at timestamptz,
    unread integer not null default 0,
    assignee_id bigint references core.account on delete set null,
    assignee text,
    asks_stop boolean not null default false,
    unique (account_id, number)
  );
  create index thread_listed on sms.thread (organization_id, last_at desc, id desc);
  comment on column sms.thread.asks_stop is 'A sentence speaks of stopping without saying it plainly: staff decide.';
  select core.secure('sms.thread', '${ofOwn}');
  create table sms.thread_person (
    thread_id bigint not null references sms.thread on delete cascade,
    person_id bigint not null references people.person on delete restrict,
    primary key (thread_id, person_id)
  );
  create index thread_person_person on sms.thread_person (person_id);
  comment on table sms.thread_person is 'Whoever had the number when it wrote: a household may share one.';
  select core.secure('sms.thread_person', $$ exists (select from sms.thread t where t.id = thread_person.thread_id) $$)`;

const stops = `
  create table sms.stop (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    mark text not null check (mark ~ '^[0-9a-f]{16}$'),
    thread_id bigint references sms.thread on delete set null,
    at timestamptz not null,
    ended_at timestamptz,
    ended_by text,
    why text check (length(why) <= 500)
  );
  create unique index stop_one on sms.stop (mark) where ended_at is null;
  create index stop_thread on sms.stop (thread_id) where thread_id is not null;
  comment on column sms.stop.mark is 'Keyed digest of the number: it holds for whoever has it, also when they are erased.';
  select core.secure('sms.stop', '${ofOwn}');
  create table sms.stopped_consent (
    stop_id bigint not null references sms.stop on delete cascade,
    person_id bigint not null references people.person on delete restrict,
    purpose text not null,
    primary key (stop_id, person_id, purpose)
  );
  create index stopped_consent_person on sms.stopped_consent (person_id);
  comment on table sms.stopped_consent is 'What stood before: what a mistake of the machine is mended by.';
  select core.secure('sms.stopped_consent', $$ exists (select from sms.stop s where s.id = stopped_consent.stop_id) $$)`;

const messages = `
  alter table sms.message
    add column author text,
    add column kind text check (kind in ('answer', 'confirmation', 'help')),
    add column due_at timestamptz;
  comment on column sms.message.kind is 'Of single ones: written by staff, or said by the machine because it was asked.'`;
