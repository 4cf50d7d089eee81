// The ledger: double entry, only ever added to, sealed in one chain a recipient.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${ledger}; ${guards}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table fundraising.posting, fundraising.entry;
    drop trigger guard_closed on fundraising.donation;
    drop function fundraising.guard_entry, fundraising.guard_posting, fundraising.hold_balance, fundraising.guard_closed`);
}

const ledger = `
  create table fundraising.entry (
    id bigint generated always as identity primary key,
    recipient_id bigint not null references fundraising.recipient on delete restrict,
    kind text not null check (kind in ('donation', 'held', 'returned', 'fee', 'refund', 'dispute', 'dispute_won', 'deposit', 'payout')),
    donation_id bigint references fundraising.donation on delete restrict,
    reference text not null check (length(reference) between 1 and 200),
    day date not null,
    at timestamptz not null,
    position bigint,
    hash bytea,
    unique (recipient_id, kind, reference),
    unique (recipient_id, position),
    check ((position is null) = (hash is null))
  );
  create index entry_unsealed on fundraising.entry (recipient_id, id) where position is null;
  create index entry_donation on fundraising.entry (donation_id) where donation_id is not null;
  create index entry_day on fundraising.entry (recipient_id, day);
  comment on table fundraising.entry is 'What happened to the money, once each; sealed in batches into one chain a recipient.';
  comment on column fundraising.entry.reference is 'The same twice is one entry: of a donation its id, of a refund, fee, dispute or payout the provider''s.';

  create table fundraising.posting (
    entry_id bigint not null references fundraising.entry on delete restrict,
    account text not null check (account in ('bank', 'provider', 'cash', 'cheques', 'donations', 'held', 'fees', 'disputes')),
    amount_minor bigint not null check (amount_minor <> 0),
    primary key (entry_id, account)
  );
  comment on column fundraising.posting.amount_minor is 'In the recipient''s currency; positive is a debit. Those of one entry add up to nothing.';

  select core.secure('fundraising.entry', $$ exists (select from fundraising.recipient r where r.id = entry.recipient_id) $$);
  select core.secure('fundraising.posting', $$ exists (select from fundraising.entry e where e.id = posting.entry_id) $$)`;

const guards = `
  create function fundraising.guard_entry() returns trigger language plpgsql as $body$
  declare
    sealing text[] := '{position,hash}';
  begin
    if tg_op = 'UPDATE' and old.position is null and new.position is not null
      and to_jsonb(old) - sealing = to_jsonb(new) - sealing then return new; end if;
    raise exception 'fundraising.entry is append-only';
  end $body$;
  create trigger guard before update or delete on fundraising.entry
    for each row execute function fundraising.guard_entry();
  create trigger guard_all before truncate on fundraising.entry
    for each statement execute function fundraising.guard_entry();

  create function fundraising.guard_posting() returns trigger language plpgsql as $body$
  begin
    raise exception 'fundraising.posting is append-only';
  end $body$;
  create trigger guard before update or delete on fundraising.posting
    for each row execute function fundraising.guard_posting();
  create trigger guard_all before truncate on fundraising.posting
    for each statement execute function fundraising.guard_posting();

  create function fundraising.hold_balance() returns trigger language plpgsql as $body$
  declare
    rest bigint;
    lines integer;
  begin
    select coalesce(sum(amount_minor), 0), count(*) into rest, lines from fundraising.posting
      where entry_id = case tg_table_name when 'entry' then (to_jsonb(new) ->> 'id')::bigint
        else (to_jsonb(new) ->> 'entry_id')::bigint end;
    if rest <> 0 or lines < 2 then
      raise exception using errcode = 'check_violation', constraint = 'entry_balance',
        message = 'the postings of an entry must add up to nothing';
    end if;
    return null;
  end $body$;
  create constraint trigger balance after insert on fundraising.posting
    deferrable initially deferred for each row execute function fundraising.hold_balance();
  create constraint trigger balance after insert on fundraising.entry
    deferrable initially deferred for each row execute function fundraising.hold_balance();

  create function fundraising.guard_closed() returns trigger language plpgsql as $body$
  begin
    perform from fundraising.recipient r where r.id = new.recipient_id and r.closed_at is null for share;
    if not found then
      raise exception using errcode = 'check_violation', constraint = 'recipient_closed',
        message = 'the accounts of this recipient are closed';
    end if;
    return new;
  end $body$;
  create trigger guard_closed before insert on fundraising.entry
    for each row execute function fundraising.guard_closed();
  create trigger guard_closed before insert or update of state, amount_minor, refunded_minor, given_on, method
    on fundraising.donation for each row execute function fundraising.guard_closed()`;
