// Promises that block nobody, batches counted by each recipient for itself, and payouts held against the law of their day.
import type { Knex } from 'knex';

const holdCap = (taken: string): string => `
  create or replace function fundraising.hold_cap() returns trigger language plpgsql as $body$
  declare
    given bigint;
    who bigint;
  begin
    select person_id into who from fundraising.donor d where d.id = new.donor_id for update;
    select coalesce(sum(amount_minor - refunded_minor), 0) into given from fundraising.donation
      where donor_id = new.donor_id and cap_scope = new.cap_scope and id <> new.id and ${taken};
    if given + new.amount_minor - new.refunded_minor > new.cap_minor then
      raise exception using errcode = 'check_violation', constraint = 'donation_cap',
        message = 'the donations of this donor would pass the cap', detail = given::text;
    end if;
    return new;
  end $body$;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ${holdCap(`(state = 'accepted' or (state = 'pledged' and (source <> 'page' or who is null)))`)}
    comment on column fundraising.donation.state is
      'pledged: promised, holds room under the cap, but not where anybody may have promised it on a page in the name of somebody of the file; accepted: lawful money, in the ledger; held: money that came in and may not be kept yet; refused: never came; refunded: went back whole.';

    alter table fundraising.batch add column number int;
    update fundraising.batch b set number = n.number
      from (select id, row_number() over (partition by recipient_id order by id) as number from fundraising.batch) n
      where n.id = b.id;
    alter table fundraising.batch alter column number set not null, add check (number > 0),
      add constraint batch_number unique (recipient_id, number);
    comment on column fundraising.batch.number is 'Counted by each recipient for itself, without a gap.';

    alter table fundraising.payout add column differs text[] not null default '{}',
      add column seen_by text check (length(seen_by) between 1 and 200);
    comment on column fundraising.payout.differs is
      'What the law of its day wants of a payout and this one is not: words of money.payout, and own_account.';
    comment on column fundraising.payout.seen_by is 'Who of the office has looked into that.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table fundraising.payout drop column differs, drop column seen_by;
    alter table fundraising.batch drop column number;
    ${holdCap(`state in ('pledged', 'accepted')`)}`);
}
