// One chain of consents for each organization: what was sealed before stays as it is, and each chain goes on from its end.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${places}; ${guard("'{chain,position,hash,sealed_at}'")}; ${ends}; ${wall}`);
}

/** Two chains may hold the same place: then nothing was lost yet, and the step stays. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table people.consent_chain;
    drop function people.guard_consent_chain;
    ${guard("'{position,hash,sealed_at}'")};
    alter table people.consent drop constraint consent_place,
      add constraint consent_position_key unique (position), drop column chain`);
}

/** A default that is there for a moment says it of the rows that there are, without writing them. */
const places = `
  alter table people.consent add column chain bigint default 0;
  alter table people.consent
    alter column chain drop default,
    drop constraint consent_position_key,
    add constraint consent_place unique (chain, position),
    add constraint consent_own_chain check (chain in (0, organization_id)),
    add constraint consent_sealed_chain check (position is null or chain is not null);
  comment on table people.consent is
    'Who agreed to what, and withdrew: append-only, sealed in batches into one chain an organization. Kept as proof.';
  comment on column people.consent.chain is
    'Whose chain it stands in: the organization''s own; 0, the one of the whole party in which all was sealed at first.'`;

const guard = (sealing: string): string => `
  create or replace function people.guard_consent() returns trigger language plpgsql as $body$
  declare
    sealing text[] := ${sealing};
  begin
    if tg_op = 'UPDATE' then
      if to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id' then return new; end if;
      if old.position is null and new.position is not null
        and to_jsonb(old) - sealing = to_jsonb(new) - sealing then return new; end if;
    elsif tg_op = 'DELETE' then
      if old.invented then return old; end if;
    end if;
    raise exception 'people.consent is append-only';
  end $body$`;

const ends = `
  create table people.consent_chain (
    id bigint primary key check (id >= 0),
    position bigint not null,
    hash bytea not null
  );
  comment on table people.consent_chain is
    'Where each chain of people.consent ends, so that rows cut off at its end are missed.';
  comment on column people.consent_chain.id is
    'The organization, which may be gone; 0, the whole party''s first chain: it is closed, and all others begin with its hash.';

  insert into people.consent_chain (id, position, hash)
    select 0, position, hash from people.consent where position is not null
    order by position desc limit 1;

  create function people.guard_consent_chain() returns trigger language plpgsql as $body$
  begin
    if tg_op = 'UPDATE' and new.id = old.id and old.id > 0 and new.position > old.position then
      return new;
    end if;
    raise exception 'people.consent_chain only goes on';
  end $body$;
  create trigger guard before update or delete on people.consent_chain
    for each row execute function people.guard_consent_chain();
  create trigger guard_all before truncate on people.consent_chain
    for each statement execute function people.guard_consent_chain()`;

const wall = `select core.secure('people.consent_chain', 'id = any ((select core.visible())::bigint[])')`;
