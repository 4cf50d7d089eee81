// How many of a send's recipients are where, kept beside them: a million are too many to count each time somebody looks.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${tally}; ${counting}; ${triggers}; ${begun}; ${indexes}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger tally_inserted on outreach.recipient; drop trigger tally_updated on outreach.recipient;
    drop trigger tally_deleted on outreach.recipient; drop trigger tally_ended on outreach.send;
    drop function outreach.tally_added, outreach.tally_moved, outreach.tally_gone, outreach.tally_ended;
    drop table outreach.tally;
    drop index outreach.recipient_ended, outreach.recipient_settled;
    create index recipient_counted on outreach.recipient (send_id, state);
    create index recipient_told on outreach.recipient (send_id)
      where coalesce(delivered_at, bounced_at, complained_at, answered_at) is not null;
    create index recipient_settled on outreach.recipient (settled_at) where person_id is not null`);
}

/** Of each column what a recipient `r` counts in it. */
const counted = {
  people: 'true',
  waiting: `r.state in ('ready', 'claimed', 'handed')`,
  accepted: `r.state = 'accepted'`,
  refused: `r.state = 'refused'`,
  unknown: `r.state = 'unknown'`,
  skipped: `r.state = 'skipped'`,
  departed: 'r.left_at is not null',
  delivered: 'r.delivered_at is not null',
  bounced: 'r.bounced_at is not null and coalesce(r.is_bounce_permanent, false)',
  complained: 'r.complained_at is not null',
  answered: 'r.answered_at is not null',
};
const names = Object.keys(counted);

const tally = `
  create table outreach.tally (
    id bigint generated always as identity primary key,
    send_id bigint not null,
    ${names.map((name) => `${name} integer not null`).join(', ')}
  );
  create index tally_send on outreach.tally (send_id, id);
  comment on table outreach.tally is
    'Changes in the numbers of a send''s recipients: their sum is how many there are. Written by triggers in the same transaction as the recipients, a row each time, so that nobody waits for anybody; put together now and then.';
  comment on column outreach.tally.send_id is
    'No foreign key: its check would lock the send at each step of a recipient. The rows go with the send by a trigger.'`;

const sums = (way: string): string =>
  Object.values(counted)
    .map((holds) => `sum((${holds})::int * ${way})`)
    .join(', ');

/** A statement that changes no number leaves no row. */
const insertion = (rows: string, way: string): string => `
  insert into outreach.tally (send_id, ${names.join(', ')})
  select * from (select r.send_id, ${sums(way)} from ${rows} group by r.send_id) change
    (send_id, ${names.join(', ')})
  where (${names.join(', ')}) is distinct from (${names.map(() => '0').join(', ')})`;

const counting = [
  ['added', insertion('added r', '1')],
  ['gone', insertion('gone r', '-1')],
  [
    'moved',
    insertion(
      '(select 1 as way, a.* from added a union all select -1 as way, g.* from gone g) r',
      'r.way',
    ),
  ],
  ['ended', 'delete from outreach.tally where send_id = old.id'],
]
  .map(
    ([name, body]) => `
  create function outreach.tally_${name}() returns trigger language plpgsql as $body$
  begin ${body}; return null; end $body$`,
  )
  .join(';');

const triggers = `
  create trigger tally_inserted after insert on outreach.recipient
    referencing new table as added for each statement execute function outreach.tally_added();
  create trigger tally_updated after update on outreach.recipient
    referencing new table as added old table as gone for each statement execute function outreach.tally_moved();
  create trigger tally_deleted after delete on outreach.recipient
    referencing old table as gone for each statement execute function outreach.tally_gone();
  create trigger tally_ended after delete on outreach.send
    for each row execute function outreach.tally_ended()`;

const begun = insertion('outreach.recipient r', '1');

/** What is counted beside them need not be found among them, and what has not ended has no place among what will be forgotten. */
const indexes = `
  drop index outreach.recipient_counted, outreach.recipient_settled, outreach.recipient_told;
  create index recipient_ended on outreach.recipient (send_id, state, id)
    where state in ('refused', 'unknown', 'skipped');
  create index recipient_settled on outreach.recipient (settled_at)
    where person_id is not null and settled_at is not null`;

const walls = `
  select core.secure('outreach.tally', $$ exists (select from outreach.send s where s.id = tally.send_id) $$)`;
