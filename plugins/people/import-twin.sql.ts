// Rows of one file that stand for the same person become one row, before anybody is looked up.
import type { Scope } from 'rostra/plugin';
import { postFields } from './postal.ts';

const chainMost = 50;

/** Rows that share an e-mail address, also by way of a third; answers when no label moves any more. */
export async function labelByEmail(scope: Scope, importId: string): Promise<void> {
  for (let turn = 0; turn < chainMost; turn += 1) {
    const found = await scope.db.raw(
      `with k as (select line, label, unnest(emails) as address from people.import_ready where import_id = :importId),
         shared as (select address, min(label) as label from k group by address having count(*) > 1),
         wanted as (select k.line, min(shared.label) as label from k join shared using (address) group by k.line)
       update people.import_ready r set label = wanted.label from wanted
       where r.import_id = :importId and r.line = wanted.line and r.label > wanted.label`,
      { importId },
    );
    if (found.rowCount === 0) return;
  }
}

/** One address for two given names is two people: the second is given back, so that nobody is lost. */
export async function findOtherNames(scope: Scope, importId: string): Promise<number[]> {
  const found = await scope.db.raw(
    `with pair as (
       select r.line, ${letters('r.given_name')} as one, ${letters('l.given_name')} as other
       from people.import_ready r join people.import_ready l on l.import_id = r.import_id and l.line = r.label
       where r.import_id = :importId and r.label <> r.line)
     delete from people.import_ready r using pair
     where r.import_id = :importId and r.line = pair.line
       and not starts_with(pair.one, pair.other) and not starts_with(pair.other, pair.one)
     returning r.line`,
    { importId },
  );
  return found.rows.map((row: { line: number }) => row.line);
}

const letters = (name: string) => `regexp_replace(core.fold(${name}), '[^a-z]', '', 'g')`;

/** Without an e-mail address, the name and one more thing that is the same; rather one with an address. */
export async function labelByName(scope: Scope, importId: string): Promise<void> {
  await scope.db.raw(
    `with wanted as (
       select distinct on (r.line) r.line, c.line as label
       from people.import_ready r
       join people.import_ready c on c.import_id = r.import_id and c.name_key = r.name_key
         and c.line <> r.line and c.label = c.line and (c.line < r.line or c.emails <> '{}')
         and (c.external = r.external or c.external is null or r.external is null)
         and case when r.phones <> '{}' then c.phones && r.phones
           when coalesce(r.line1, r.postcode) is not null then
             core.fold(c.line1) is not distinct from core.fold(r.line1) and c.postcode is not distinct from r.postcode
           when r.birth_date is not null then c.birth_date = r.birth_date
           else c.emails = '{}' and c.phones = '{}' and coalesce(c.line1, c.postcode) is null
             and c.birth_date is null end
       where r.import_id = :importId and r.emails = '{}' and r.name_key <> ''
       order by r.line, c.emails = '{}', c.line)
     update people.import_ready r set label = wanted.label from wanted
     where r.import_id = :importId and r.line = wanted.line`,
    { importId },
  );
  for (let turn = 0; turn < chainMost; turn += 1) {
    const found = await scope.db.raw(
      `update people.import_ready r set label = l.label from people.import_ready l
       where r.import_id = :importId and r.label <> r.line and l.import_id = r.import_id and l.line = r.label
         and l.label <> r.label`,
      { importId },
    );
    if (found.rowCount === 0) return;
  }
}

/** Two rows by which the same known person was found; answers how many, and what they said is judged anew. */
export async function labelByPerson(scope: Scope, importId: string): Promise<number> {
  const found = await scope.db.raw(
    `with one as materialized (
       select line, min(line) over (partition by person_id) as first from people.import_ready
       where import_id = :importId and label = line and person_id is not null)
     update people.import_ready r set label = one.first, verdict = null from one
     where r.import_id = :importId and r.line = one.line and one.first <> one.line`,
    { importId },
  );
  return found.rowCount ?? 0;
}

/** What a twin says beyond its fellow is added to the one row that goes on; then it is done with. */
export async function foldTwins(scope: Scope, importId: string): Promise<void> {
  const one = (column: string) =>
    `(array_agg(${column} order by line) filter (where ${column} is not null))[1] as ${column}`;
  const plain = ['external', 'given_name', 'family_name', 'birth_date', 'relation'];
  const hasPlace = (row: string) =>
    `coalesce(${postFields.map((column) => `${row}.${column}`).join(', ')}) is not null`;
  await scope.db.raw(
    `with label as (
       select distinct label from people.import_ready
       where import_id = :importId and label <> line and verdict is distinct from 'twin'),
     family as (
       select r.* from people.import_ready r join label using (label) where r.import_id = :importId),
     said as (select label, ${plain.map(one).join(', ')} from family group by label),
     placed as (
       select distinct on (label) * from family where ${hasPlace('family')} order by label, line <> label, line),
     mails as (${ways('emails', 'email_states')}), calls as (${ways('phones', 'phone_states', 'phone_lines')}),
     words as (${union('tags')}), claimed as (${union('claims')})
     update people.import_ready r set digest = null, ${plain.map((column) => `${column} = coalesce(r.${column}, said.${column})`).join(', ')},
       ${postFields.map((column) => `${column} = placed.${column}`).join(', ')},
       emails = coalesce(mails.list, '{}'), email_states = coalesce(mails.states, '{}'),
       phones = coalesce(calls.list, '{}'), phone_states = coalesce(calls.states, '{}'), phone_lines = coalesce(calls.lines, '{}'),
       tags = coalesce(words.list, '{}'), claims = coalesce(claimed.list, '{}')
     from said left join placed using (label) left join mails using (label) left join calls using (label)
       left join words using (label) left join claimed using (label)
     where r.import_id = :importId and r.line = said.label`,
    { importId },
  );
  await scope.db.raw(
    `update people.import_stop s set line = r.label from people.import_ready r
     where s.import_id = :importId and r.import_id = s.import_id and r.line = s.line and r.label <> r.line`,
    { importId },
  );
  await scope.db.raw(
    `update people.import_ready set verdict = 'twin'
     where import_id = :importId and label <> line and verdict is distinct from 'twin'`,
    { importId },
  );
}

/** In the order of the rows, the leading one first; what one of them calls dead is dead, and a mobile number one. */
function ways(list: string, states: string, lines = states): string {
  return `select label, array_agg(address order by rank, place) as list,
      array_agg(state order by rank, place) as states, array_agg(kind order by rank, place) as lines
    from (select label, g.address, min(g.state) as state, max(g.kind) as kind, min(g.place) as place,
        min(case when line = label then 0 else line end) as rank
      from family cross join unnest(${list}, ${states}, ${lines}) with ordinality as g (address, state, kind, place)
      group by label, g.address) w group by label`;
}

function union(list: string): string {
  return `select label, array_agg(distinct word) as list from family cross join unnest(${list}) as g (word)
    group by label`;
}
