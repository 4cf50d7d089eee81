// What was invented goes again as it came: play money alone, and only while a demo is taken out.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function fundraising.is_invented(recipient bigint) returns boolean language sql stable as $body$
      select current_setting('rostra.erasing', true) = 'demo'
        and exists (select from fundraising.recipient r where r.id = recipient and r.is_test)
    $body$;
    ${guards({
      entry: `if tg_op = 'DELETE' and fundraising.is_invented(old.recipient_id) then return old; end if;`,
      posting: `if tg_op = 'DELETE' and fundraising.is_invented(
        (select e.recipient_id from fundraising.entry e where e.id = old.entry_id)) then return old; end if;`,
      receipt: `if tg_op = 'DELETE' and fundraising.is_invented(old.recipient_id) then return old; end if;`,
    })}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ${guards({ entry: '', posting: '', receipt: '' })}
    drop function fundraising.is_invented`);
}

const guards = (but: { entry: string; posting: string; receipt: string }): string => `
  create or replace function fundraising.guard_entry() returns trigger language plpgsql as $body$
  declare
    sealing text[] := '{position,hash}';
  begin
    ${but.entry}
    if tg_op = 'UPDATE' and old.position is null and new.position is not null
      and to_jsonb(old) - sealing = to_jsonb(new) - sealing then return new; end if;
    raise exception 'fundraising.entry is append-only';
  end $body$;
  create or replace function fundraising.guard_posting() returns trigger language plpgsql as $body$
  begin
    ${but.posting}
    raise exception 'fundraising.posting is append-only';
  end $body$;
  create or replace function fundraising.guard_receipt() returns trigger language plpgsql as $body$
  declare
    voiding text[] := '{voided_at,void_why}';
  begin
    ${but.receipt}
    if tg_op = 'UPDATE' and old.voided_at is null and new.voided_at is not null
      and to_jsonb(old) - voiding = to_jsonb(new) - voiding then return new; end if;
    raise exception 'fundraising.receipt is append-only';
  end $body$;`;
