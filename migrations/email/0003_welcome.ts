// The first letter of a newsletter: what it says, and whom it went to, each once.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table email.welcome (
      newsletter_id bigint primary key,
      organization_id bigint not null references core.organization on delete restrict,
      content jsonb not null,
      is_on boolean not null default false,
      version integer not null default 1,
      changed_at timestamptz not null
    );
    create table email.welcomed (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      newsletter_id bigint not null,
      person_id bigint not null references people.person on delete restrict,
      state text not null default 'ready' check (state in ('ready', 'sent', 'skipped')),
      why text check (length(why) between 1 and 40),
      asked_at timestamptz not null,
      settled_at timestamptz,
      unique (newsletter_id, person_id)
    );
    create index welcomed_ready on email.welcomed (organization_id, id) where state = 'ready';
    create index welcomed_person on email.welcomed (person_id);
    comment on table email.welcome is 'Sent to who confirmed that they subscribe; without a row, or while it is off, nothing is.';
    comment on table email.welcomed is 'Who got a newsletter''s first letter, or is to get it: nobody twice.';
    comment on column email.welcomed.person_id is 'Goes with the person.';
    comment on column email.welcomed.why is 'Of one skipped: what stood against it when its turn came.';
    select core.secure('email.welcome', 'organization_id = any ((select core.visible())::bigint[])');
    select core.secure('email.welcomed', 'organization_id = any ((select core.visible())::bigint[])')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table email.welcomed, email.welcome');
}
