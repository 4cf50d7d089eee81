// Rows that come again in the same words, of people who are as the list before left them: told by one look at all of them.
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';

/** How cells become a person: the same cells read in the same way say the same. */
export interface Reading {
  importId: string;
  /** Of the check; one that began meanwhile counts. */
  version: number;
  /** How many cells a row has. */
  width: number;
  /** Places of the cells that are taken. */
  places: readonly number[];
  /** All else on which it depends. */
  way: string;
}

/** Lines of a file, as PostgreSQL writes a multirange. */
export type Lines = string;
export const everyLine: Lines = '{(,)}';

/** Of the staged row `s`; keyed, since it is of personal data. */
export function digestOf({ places }: Pick<Reading, 'places'>): string {
  const cells = places.map((place) => `s.cells[${Number(place) + 1}]`).join(', ');
  return `sha256((select inner_pad from people.key)
    || convert_to('row:' || :way || array[${cells}]::text, 'UTF8'))`;
}

/** Each person by one line: what names them twice is looked at as ever. */
const known = (reading: Reading): string => `
  hashed as materialized (
    select s.line, ${digestOf(reading)} as digest from people.import_staging s
    where s.import_id = :importId and cardinality(s.cells) = :width and exists (
      select from people.import_person m where m.digest is not null)),
  known as materialized (
    select min(h.line) as line, m.person_id, bool_or(exists (
        select from people.consent_claim c where c.person_id = m.person_id and c.import_id = m.import_id)) as has_agreed
    from hashed h join people.import_person m on m.digest = h.digest
    join people.import i on i.id = m.import_id and i.organization_id = :organizationId
    join people.person p on p.id = m.person_id and p.version = m.version and p.erased_at is null
    join people.affiliation a on a.person_id = m.person_id and a.organization_id = i.organization_id
    group by m.person_id)`;

const all = `select count(*)::int as rows, count(*) filter (where has_agreed)::int as agreed,
  coalesce(range_agg(int4range(line, line + 1)), '{}') as lines`;
const isCurrent = `i.id = :importId and i.version = :version and i.state = 'checking'`;

export interface Known {
  knownRows: number;
  /** Of them, or of those that are read after all, who agreed by the list's word. */
  agreed: number;
  /** What is to be read. */
  which: Lines;
}

/** Keeps which they are; all other lines are to be read. `undefined` when another check began meanwhile. */
export async function findKnown(scope: Scope, reading: Reading): Promise<Known | undefined> {
  await joinWhole(scope);
  const found = await scope.db.raw(
    `with ${known(reading)},
     one as (${all} from known)
     update people.import i set known_rows = one.rows, known = one.lines from one where ${isCurrent}
     returning i.known_rows as "knownRows", one.agreed,
       cast('${everyLine}' as int4multirange) - i.known as which`,
    { ...bounds(scope), ...reading },
  );
  return found.rows[0];
}

/** Rows that were read may speak of the same people: then all that the file says of them is looked at together. */
export async function takeBackKnown(scope: Scope, reading: Reading): Promise<Known | undefined> {
  await joinWhole(scope);
  const found = await scope.db.raw(
    `with r as materialized (
       select external, emails, name_key from people.import_ready where import_id = :importId),
     reached as materialized (
       select e.person_id from r cross join unnest(r.emails) as g (address)
         join people.email_address e on e.address = g.address
       union select x.person_id from r join people.external_id x on x.system = 'nationbuilder' and x.value = r.external
       union select p.id from r join people.person p on p.sort_name = r.name_key and p.erased_at is null
         where r.emails = '{}' and r.name_key <> ''),
     ${known(reading)},
     one as (${all} from known where person_id in (select person_id from reached))
     update people.import i set known_rows = i.known_rows - one.rows, known = i.known - one.lines from one
     where ${isCurrent} returning i.known_rows as "knownRows", one.agreed, one.lines as which`,
    { ...bounds(scope), ...reading },
  );
  return found.rows[0];
}

/** The planner has met neither this list nor the one before, and would look all of it through for each of these rows. */
async function joinWhole(scope: Scope): Promise<void> {
  await scope.db.raw(
    `select set_config('enable_nestloop', 'off', true), set_config('statement_timeout', '0', true)`,
  );
}
