// Why a way to reach somebody is stopped, looked up for thousands of people on one screen.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create view people.seen_way as ${ways.map(seenWay).join(' union all ')};
    comment on view people.seen_way is
      'Ways to reach the people whom the reader sees, each with the reason of its suppression, if there is one.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view people.seen_way');
}

const ways = [
  { kind: 'email', table: 'email_address', column: 'address' },
  { kind: 'phone', table: 'phone_number', column: 'number' },
] as const;

/** As people.keyed_hash makes it: a call of a function for each row takes ten times as long as the hash. */
export const hashOf = (kind: string, address: string): string => `
  sha256((select outer_pad from people.key)
    || sha256((select inner_pad from people.key) || convert_to('${kind}:' || lower(btrim(${address})), 'UTF8')))`;

/** As the other seen_ views: of the tables' owner, so it says itself whom a chapter sees. */
const seenWay = ({ kind, table, column }: (typeof ways)[number]): string => `
  select w.person_id, '${kind}' as kind,
    (select s.reason from people.suppression s where s.kind = '${kind}'
      and s.hash = ${hashOf(kind, `w.${column}`)}) as stop
  from people.${table} w
  where (select people.is_past_policies('people.${table}')) or exists (
    select from people.affiliation a where a.person_id = w.person_id
      and a.organization_id = any ((select core.visible())::bigint[]) offset 0)`;
