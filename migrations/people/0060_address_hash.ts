// Each address keeps its keyed hash beside it, so that the suppressions of thousands are looked up without making it anew.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    ways.map(({ table }) => `alter table people.${table} add column hash bytea`).join(';'),
  );
  await knex.raw(ways.map(fill).join(';'));
  await knex.raw(`${keep}; ${ways.map(guard).join(';')}; ${seenWays(stored)}`);
}

export async function down(knex: Knex): Promise<void> {
  const columns = ways.map(
    ({ table }) => `
    drop trigger keep_hash on people.${table}; alter table people.${table} drop column hash`,
  );
  await knex.raw(`${seenWays(made)}; ${columns.join(';')}; drop function people.keep_hash`);
}

type Way = { kind: string; table: string; column: string };
const ways: readonly Way[] = [
  { kind: 'email', table: 'email_address', column: 'address' },
  { kind: 'phone', table: 'phone_number', column: 'number' },
];

/** As people.keyed_hash makes it: a call of a function for each row takes ten times as long as the hash. */
const made = ({ kind, column }: Way): string => `
  sha256((select outer_pad from people.key)
    || sha256((select inner_pad from people.key) || convert_to('${kind}:' || lower(btrim(w.${column})), 'UTF8')))`;
const stored = (): string => 'w.hash';

/** Nobody's search text changes by it: the triggers that would write it anew stand aside. */
const fill = (way: Way): string => `
  alter table people.${way.table} disable trigger user;
  update people.${way.table} w set hash = ${made(way)};
  alter table people.${way.table} enable trigger user;
  alter table people.${way.table} alter column hash set not null;
  comment on column people.${way.table}.hash is 'As a suppression has it: people.keyed_hash of the address.'`;

/** An import, which writes it itself, goes past this one. */
const keep = `
  create function people.keep_hash() returns trigger language plpgsql as $body$
  begin
    new.hash := case tg_argv[0]
      when 'email' then people.keyed_hash('email', to_jsonb(new)->>'address')
      else people.keyed_hash('phone', to_jsonb(new)->>'number') end;
    return new;
  end $body$`;

const guard = ({ kind, table, column }: Way): string => `
  create trigger keep_hash before insert or update of ${column}, hash on people.${table}
    for each row execute function people.keep_hash('${kind}')`;

/** As the other seen_ views: of the tables' owner, so it says itself whom a chapter sees. */
const seenWays = (hash: (way: Way) => string): string => {
  const seen = (way: Way): string => `
    select w.person_id, '${way.kind}' as kind,
      (select s.reason from people.suppression s where s.kind = '${way.kind}' and s.hash = ${hash(way)}) as stop
    from people.${way.table} w
    where (select people.is_past_policies('people.${way.table}')) or exists (
      select from people.affiliation a where a.person_id = w.person_id
        and a.organization_id = any ((select core.visible())::bigint[]) offset 0)`;
  return `create or replace view people.seen_way as ${ways.map(seen).join(' union all ')}`;
};
