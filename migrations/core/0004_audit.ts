// The audit trail: a chain that cannot be rewritten, and beside it the personal values that can go.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${tables}; ${guards}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table core.audit_detail, core.audit;
    drop function core.guard_audit, core.guard_audit_detail`);
}

const tables = `
  create table core.audit (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    at timestamptz not null,
    plugin text not null,
    act text not null,
    actor_kind text not null check (actor_kind in ('visitor', 'staff', 'system')),
    actor_id text,
    subject_type text,
    subject_id text,
    detail_digest bytea not null,
    position bigint unique,
    hash bytea,
    sealed_at timestamptz,
    check ((position is null) = (hash is null) and (hash is null) = (sealed_at is null))
  );
  create index audit_unsealed on core.audit (id) where position is null;
  create index audit_organization on core.audit (organization_id, id);
  create index audit_actor on core.audit (actor_id, id);
  comment on table core.audit is 'Append-only; sealed in batches into one chain.';
  comment on column core.audit.actor_id is 'Account of the staff member, or name of the job.';
  comment on column core.audit.subject_id is 'Empty for a person: whom it concerns stands in audit_detail.';
  comment on column core.audit.detail_digest is 'Of salt and values of audit_detail: the chain holds nothing personal.';

  create table core.audit_detail (
    audit_id bigint primary key references core.audit on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    person_id text,
    actor_name text,
    details jsonb not null,
    salt bytea not null
  );
  create index audit_detail_person on core.audit_detail (person_id) where person_id is not null;
  comment on table core.audit_detail is 'Personal values of the audit trail: kept as evidence, gone when the person is erased.';

  select core.secure('core.audit', 'organization_id = any ((select core.visible())::bigint[])');
  select core.secure('core.audit_detail', 'organization_id = any ((select core.visible())::bigint[])')`;

const guards = `
  create function core.guard_audit() returns trigger language plpgsql as $body$
  begin
    if tg_op = 'UPDATE' and old.position is null and new.position is not null
      and to_jsonb(old) - '{position,hash,sealed_at}'::text[] = to_jsonb(new) - '{position,hash,sealed_at}'::text[]
    then
      return new;
    end if;
    raise exception 'core.audit is append-only';
  end $body$;
  create trigger guard before update or delete on core.audit
    for each row execute function core.guard_audit();
  create trigger guard_all before truncate on core.audit
    for each statement execute function core.guard_audit();

  create function core.guard_audit_detail() returns trigger language plpgsql as $body$
  begin
    if to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id' then return new; end if;
    raise exception 'core.audit_detail may lose rows, never change them';
  end $body$;
  create trigger guard before update on core.audit_detail
    for each row execute function core.guard_audit_detail()`;
