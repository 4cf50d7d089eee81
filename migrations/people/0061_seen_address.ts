// Ways to reach people as the question whom we may reach needs them: each with its state, and all read in one go.
import type { Knex } from 'knex';
import { isSeen } from './0060_address_hash.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create view people.seen_address as ${tables.map(seenAddress).join(' union all ')};
    comment on view people.seen_address is
      'Ways to reach the people whom the reader sees, each with its state and the reason of its suppression, if there is one.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view people.seen_address');
}

const tables = [
  { kind: 'email', table: 'email_address', number: 'null::text' },
  { kind: 'phone', table: 'phone_number', number: 'w.number' },
] as const;

/** As the other seen_ views: of the tables' owner, so it says itself whom a chapter sees. A join, which a million rows want. */
const seenAddress = ({ kind, table, number }: (typeof tables)[number]): string => `
  select w.person_id, '${kind}' as kind, w.status, s.reason as stop, ${number} as number
  from people.${table} w left join people.suppression s on s.kind = '${kind}' and s.hash = w.hash
  where ${isSeen({ table })}`;
