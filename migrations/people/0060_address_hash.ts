// Each address keeps its keyed hash beside it, so that the suppressions of thousands are looked up without making it anew.
import type { Knex } from 'knex';
import { hashOf } from './0050_seen_way.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    ways.map(({ table }) => `alter table people.${table} add column hash bytea`).join(';'),
  );
  await knex.raw(ways.map(fill).join(';'));
  await knex.raw(
    `${keep}; ${ways.map(guard).join(';')}; ${seenWays(stored)}; ${stoppedWay}; ${isStopped}`,
  );
}

export async function down(knex: Knex): Promise<void> {
  const columns = ways.map(
    ({ table }) => `
    drop trigger keep_hash on people.${table}; alter table people.${table} drop column hash`,
  );
  await knex.raw(`
    drop function people.is_stopped; drop view people.stopped_way; ${seenWays(made)}; ${columns.join(';')}; drop function people.keep_hash`);
}

type Way = { kind: string; table: string; column: string };
const ways: readonly Way[] = [
  { kind: 'email', table: 'email_address', column: 'address' },
  { kind: 'phone', table: 'phone_number', column: 'number' },
];

const made = ({ kind, column }: Way): string => hashOf(kind, `w.${column}`);
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
export const isSeen = ({ table }: Pick<Way, 'table'>): string => `
  ((select people.is_past_policies('people.${table}')) or exists (
    select from people.affiliation a where a.person_id = w.person_id
      and a.organization_id = any ((select core.visible())::bigint[]) offset 0))`;

const seenWays = (hash: (way: Way) => string): string => {
  const seen = (way: Way): string => `
    select w.person_id, '${way.kind}' as kind,
      (select s.reason from people.suppression s where s.kind = '${way.kind}' and s.hash = ${hash(way)}) as stop
    from people.${way.table} w where ${isSeen(way)}`;
  return `create or replace view people.seen_way as ${ways.map(seen).join(' union all ')}`;
};

/** Whom the reader sees is asked of those alone who have a suppression: a `case` on it is looked at after the join. */
const stoppedWay = `
  create view people.stopped_way as ${ways
    .map(
      (way) => `
        select w.person_id, '${way.kind}' as kind, s.reason as stop from people.${way.table} w
        join people.suppression s on s.kind = '${way.kind}' and s.hash = w.hash
        where case when s.reason is null then false else ${isSeen(way)} end`,
    )
    .join(' union all ')};
  comment on view people.stopped_way is
    'Ways of seen_way that are suppressed: of most people none, so whether anything stops them is soon asked.'`;

/** Planned once a session, and called for those alone of whom anything is suppressed. */
const isStopped = `
  create function people.is_stopped(asked_kind text, asked_person bigint) returns boolean
    language plpgsql stable as $body$
  begin
    return coalesce((
      select bool_or(way.stop <> 'dead') or bool_and(way.stop is not null) from people.seen_way way
      where way.kind = asked_kind and way.person_id = asked_person), false)
    or exists (select from people.suppression s
      where s.kind = asked_kind and s.person_id = asked_person and s.reason <> 'dead' and not exists (
        select from (
          select hash from people.email_address where s.kind = 'email' and person_id = s.person_id
          union all select hash from people.phone_number where s.kind = 'phone' and person_id = s.person_id) way
        where way.hash = s.hash));
  end $body$;
  comment on function people.is_stopped(text, bigint) is
    'Whether the person asked not to be reached on this kind of address, one that is gone among them, or each of theirs is stopped.'`;
