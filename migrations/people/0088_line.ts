// What kind of line a telephone number is, and what became of text messages to it: a landline takes none.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${column}; ${rows}; ${seenAddress('w.line')}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop view people.seen_address; ${seenAddress()};
    alter table people.import_ready drop column phone_lines;
    drop index people.phone_number_unread;
    alter table people.phone_number drop column returned_why, drop column returned_at, drop column line`);
}

/** Of numbers that are there already nothing is known until the job has read them: it writes stretch by stretch, and a start waits for none. */
const column = `
  alter table people.phone_number
    add column line text check (line in ('mobile', 'fixed', 'either')),
    add column returned_at timestamptz,
    add column returned_why text check (returned_why in ('no-number', 'landline')),
    add check ((returned_at is null) = (returned_why is null));
  create index phone_number_unread on people.phone_number (id) where line is null;
  comment on column people.phone_number.line is
    'Read from the number: fixed takes no text messages; either: the number does not tell; empty: not read yet.';
  comment on column people.phone_number.returned_at is 'When a text message to it could not be delivered for good.';
  comment on column people.phone_number.returned_why is 'What the operator gave as the reason, in a word.'`;

const rows = `
  alter table people.import_ready add column phone_lines text[] not null default '{}'`;

/** As it was, with the line at the end. */
function seenAddress(line?: string): string {
  const side = (kind: string, table: string, number: string, kindOfLine: string | undefined) => `
    select w.person_id, '${kind}' as kind, w.status, s.reason as stop, ${number} as number
      ${kindOfLine ? `, ${kindOfLine} as line` : ''}
    from people.${table} w left join people.suppression s on s.kind = '${kind}' and s.hash = w.hash
    where ((select people.is_past_policies('people.${table}')) or exists (
      select from people.affiliation a where a.person_id = w.person_id
        and a.organization_id = any ((select core.visible())::bigint[]) offset 0))`;
  return `create or replace view people.seen_address as
    ${side('email', 'email_address', 'null::text', line && 'null::text')}
    union all ${side('phone', 'phone_number', 'w.number', line)};
    comment on view people.seen_address is
      'Ways to reach the people whom the reader sees, each with its state and the reason of its suppression, if there is one.'`;
}
