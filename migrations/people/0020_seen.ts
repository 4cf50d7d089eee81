// What the list filters by, as views that hold the second wall themselves, so that indexes serve chapters too.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw([past, seenPerson, ...Object.entries(labels).map(seenLabel)].join(';'));
}

export async function down(knex: Knex): Promise<void> {
  const views = ['person', ...Object.keys(labels)].map((table) => `people.seen_${table}`);
  await knex.raw(`drop view ${views.join(', ')}; drop function people.is_past_policies`);
}

/*
 * A policy stands before every condition that could tell of a row, LIKE among them, so no search index is
 * used behind it. A view of the tables' owner asks the same question as one condition among others. It holds
 * against a bound that our own queries forget; chapters send no SQL. Who reads past the policies (the party,
 * a job) is asked nothing here, and bounds itself.
 */
const isPast = (table: string): string => `(select people.is_past_policies('people.${table}'))`;
const isVisible = 'a.organization_id = any ((select core.visible())::bigint[])';

/** Parallel unsafe on purpose: for a page of fifty, to call in further processes takes longer than to read it. */
const past = `
  create function people.is_past_policies(target regclass) returns boolean
    language plpgsql stable parallel unsafe as $body$ begin return not row_security_active(target); end $body$`;

/** "offset 0" keeps the planner from gathering the whole chapter to answer for fifty rows. */
const seenPerson = `
  create view people.seen_person as select id, sort_name, search, created_at, erased_at from people.person p
  where ${isPast('person')} or exists (
    select from people.affiliation a where a.person_id = p.id and ${isVisible} offset 0);
  comment on view people.seen_person is 'People as far as the reader sees them: for chapters by core.visible().'`;

const labels: Record<string, string> = {
  relation: 'l.kind, l.until',
  tagging: 'l.tag_id',
  subscription: 'l.newsletter_id, l.until',
  consent: 'l.id, l.organization_id, l.channel, l.purpose, l.given',
};

/** A row for each chapter that sees the person, so that the chapter's own index begins the search. */
const seenLabel = ([table, columns]: [string, string]): string => `
  create view people.seen_${table} as
  select a.organization_id as seen_by, a.person_id, ${columns}
  from people.affiliation a join people.${table} l on l.person_id = a.person_id
  where ${isPast(table)} or ${isVisible};
  comment on view people.seen_${table} is
    'people.${table} by the chapters that see the person, as far as the reader sees these.'`;
