// The values beside the audit trail go with a person who is erased, and in no other way.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function core.guard_audit_detail() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'UPDATE' then
        if old.person_id is not null and new.person_id is not null
          and to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id' then return new; end if;
        raise exception 'core.audit_detail may lose rows, never change them';
      end if;
      if tg_op = 'DELETE' and current_setting('rostra.erasing', true) in (old.person_id, 'demo') then
        return old;
      end if;
      raise exception 'core.audit_detail loses rows by an erasure, and only an erasure';
    end $body$;
    comment on function core.guard_audit_detail() is
      'What concerns nobody stays for good. An erasure names its person in rostra.erasing; what a demo invented goes with it.';
    create trigger guard_delete before delete on core.audit_detail
      for each row execute function core.guard_audit_detail();
    create trigger guard_all before truncate on core.audit_detail
      for each statement execute function core.guard_audit_detail()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger guard_all on core.audit_detail;
    drop trigger guard_delete on core.audit_detail;
    create or replace function core.guard_audit_detail() returns trigger language plpgsql as $body$
    begin
      if to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id' then return new; end if;
      raise exception 'core.audit_detail may lose rows, never change them';
    end $body$`);
}
