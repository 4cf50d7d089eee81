// Numbers of which nobody has read yet what kind of line they are: those that were there before it was asked.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import type { PhoneLine } from './telephone-line.ts';

export async function findUnreadNumbers(
  scope: Scope,
  most: number,
): Promise<{ id: string; number: string }[]> {
  const found = await scope.db.raw(
    `select n.id, n.number from people.phone_number n
     where n.line is null and ${seen(scope, 'n.person_id')} order by n.id limit :most`,
    { ...bounds(scope), most },
  );
  return found.rows;
}

/** Nobody's search text changes by it, so it is not made anew. */
export async function saveLines(
  scope: Scope,
  those: readonly { id: string; line: PhoneLine }[],
): Promise<number> {
  await scope.db.raw(`select set_config('people.bulk', 'on', true)`);
  const saved = await scope.db.raw(
    `update people.phone_number n set line = read.line
     from unnest(cast(:ids as bigint[]), cast(:lines as text[])) as read (id, line)
     where n.id = read.id and n.line is null and ${seen(scope, 'n.person_id')}`,
    {
      ...bounds(scope),
      ids: those.map(({ id }) => id),
      lines: those.map(({ line }) => line),
    },
  );
  return saved.rowCount ?? 0;
}
