// Consents of invented people prove nothing: they never enter the chain, and go when the invented party goes.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${column}; ${guard(true)}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`${guard(false)};
    drop index people.consent_unsealed;
    create index consent_unsealed on people.consent (id) where position is null;
    alter table people.consent drop column invented,
      add constraint consent_organization_id_fkey
        foreign key (organization_id) references core.organization on delete restrict not valid`);
}

const column = `
  alter table people.consent
    add column invented boolean not null default false,
    add constraint consent_invented_unsealed check (not invented or position is null),
    drop constraint consent_organization_id_fkey;
  comment on column people.consent.invented is 'Of the demo: never sealed, so it can be deleted. All others are proof and stay.';
  comment on column people.consent.organization_id is
    'The controller that was answered: the party or a chapter. The proof outlives a chapter that was made for a demo.';
  drop index people.consent_unsealed;
  create index consent_unsealed on people.consent (id) where position is null and not invented`;

const guard = (withInvented: boolean): string => `
  create or replace function people.guard_consent() returns trigger language plpgsql as $body$
  declare
    sealing text[] := '{position,hash,sealed_at}';
  begin
    if tg_op = 'UPDATE' then
      if to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id' then return new; end if;
      if old.position is null and new.position is not null
        and to_jsonb(old) - sealing = to_jsonb(new) - sealing then return new; end if;
    ${withInvented ? `elsif tg_op = 'DELETE' then\n      if old.invented then return old; end if;` : ''}
    end if;
    raise exception 'people.consent is append-only';
  end $body$`;
