// Who lets themselves be counted, what of it is known of a reader for a while, and the numbers that stay.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${recipients}; ${tally}; ${counting(withMeasured)}; ${tables}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table outreach.reading, outreach.link, outreach.measuring;
    delete from outreach.tally where place is not null;
    ${counting(counted)};
    alter table outreach.tally drop column measured, drop column opened, drop column clicked,
      drop column followed, drop column place;
    alter table outreach.recipient drop column is_measured, drop column measure_consent_id`);
}

const recipients = `
  alter table outreach.recipient
    add column is_measured boolean not null default false,
    add column measure_consent_id bigint;
  comment on column outreach.recipient.is_measured is
    'Their message bears a mark of theirs, and said so: the party had it on, and the law and the person let it.';
  comment on column outreach.recipient.measure_consent_id is
    'The row of the ledger on which that rested; empty where the law asks for none.'`;

/** Of each column of the numbers what a recipient `r` counts in it. */
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
const withMeasured = { ...counted, measured: `r.is_measured and r.state = 'accepted'` };
type Columns = Readonly<Record<string, string>>;

const tally = `
  alter table outreach.tally
    ${Object.keys(counted)
      .map((name) => `alter column ${name} set default 0`)
      .join(', ')},
    add column measured integer not null default 0,
    add column opened integer not null default 0,
    add column clicked integer not null default 0,
    add column followed integer not null default 0,
    add column place integer;
  comment on column outreach.tally.opened is
    'By no trigger: it stays when it is forgotten who it was. So do clicked, and followed by place.';
  comment on column outreach.tally.place is 'Of the link in outreach.link that so many of followed are about.'`;

const sums = (of: Columns, way: string): string =>
  Object.values(of)
    .map((holds) => `sum((${holds})::int * ${way})`)
    .join(', ');

/** A statement that changes no number leaves no row. */
function insertion(of: Columns, rows: string, way: string): string {
  const names = Object.keys(of).join(', ');
  return `
  insert into outreach.tally (send_id, ${names})
  select * from (select r.send_id, ${sums(of, way)} from ${rows} group by r.send_id) change (send_id, ${names})
  where (${names}) is distinct from (${Object.keys(of)
    .map(() => '0')
    .join(', ')})`;
}

const counting = (of: Columns): string =>
  [
    ['added', insertion(of, 'added r', '1')],
    ['gone', insertion(of, 'gone r', '-1')],
    [
      'moved',
      insertion(
        of,
        '(select 1 as way, a.* from added a union all select -1 as way, g.* from gone g) r',
        'r.way',
      ),
    ],
  ]
    .map(
      ([name, body]) => `
  create or replace function outreach.tally_${name}() returns trigger language plpgsql as $body$
  begin ${body}; return null; end $body$`,
    )
    .join(';');

const tables = `
  create table outreach.link (
    send_id bigint not null references outreach.send on delete cascade,
    place integer not null check (place > 0),
    href text not null,
    primary key (send_id, place)
  );
  comment on table outreach.link is
    'Where the links of a text lead whose readers are counted, as it was when the first of them was written to: an address in a letter is never taken from a request.';

  create table outreach.reading (
    recipient_id bigint primary key references outreach.recipient on delete cascade,
    first_at timestamptz not null,
    places integer[] not null default '{}'
  );
  create index reading_first on outreach.reading (first_at);
  comment on table outreach.reading is
    'Who opened a message and which of its links they followed: only so that each is counted once, of those alone who are measured, and for 90 days. Shown to nobody but the reader.';
  comment on column outreach.reading.places is 'Of outreach.link; empty: opened, and no link followed.';

  create table outreach.measuring (
    organization_id bigint primary key references core.organization on delete cascade,
    since timestamptz not null
  );
  comment on table outreach.measuring is
    'Where readers are counted now, by the setting and the law of each organization itself, looked at each minute: a reader of a chapter comes by the party''s site, which knows neither.'`;

const walls = `
  select core.secure('outreach.link', $$ exists (select from outreach.send s where s.id = link.send_id) $$);
  select core.secure('outreach.reading',
    $$ exists (select from outreach.recipient r where r.id = reading.recipient_id) $$);
  select core.secure('outreach.measuring', 'organization_id = any ((select core.visible())::bigint[])')`;
