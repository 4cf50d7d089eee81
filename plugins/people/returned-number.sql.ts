// What is known of a telephone number from text messages, and a word of staff against what came back.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import type { UndeliveredText } from './index.ts';

export type WayKind = 'email' | 'phone';

/** A landline takes no text messages and is called as before; a number of nobody's is not used at all. Answers of whom that is new. */
export async function markNumber(
  scope: Scope,
  { number, why, at }: UndeliveredText,
): Promise<string[]> {
  const found = await aside(
    scope,
    `update people.phone_number n set returned_at = :at, returned_why = :why,
       status = case when :why = 'no-number' then 'bad' else n.status end,
       line = case when :why = 'landline' then 'fixed' else n.line end
     where n.id in (select o.id from people.phone_number o where o.number = :number order by o.id for update)
       and n.status = 'ok' and (:why <> 'landline' or n.line is distinct from 'fixed')
       and ${seen(scope, 'n.person_id')}
     returning n.person_id as id`,
    { ...bounds(scope), number, why, at },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** Who writes from there can be written to. Answers of whom that is new. */
export async function freeNumber(scope: Scope, number: string): Promise<string[]> {
  const found = await aside(
    scope,
    `update people.phone_number n set returned_at = null, returned_why = null, line = 'mobile',
       status = case when n.returned_why = 'no-number' then 'ok' else n.status end
     where n.number = :number and n.returned_why is not null and ${seen(scope, 'n.person_id')}
     returning n.person_id as id`,
    { ...bounds(scope), number },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** Nobody's search text changes by it: the trigger that would write their rows anew, and wait for whoever holds them, stands aside. */
async function aside(
  scope: Scope,
  sql: string,
  values: ReturnType<typeof bounds> & Partial<UndeliveredText>,
) {
  const bulk = (value: string) =>
    scope.db.raw(`select set_config('people.bulk', ?, true)`, [value]);
  await bulk('on');
  const found = await scope.db.raw(sql, { ...values });
  await bulk('');
  return found;
}

/** Of one that something came back from; answers whether there was one. */
export async function restoreWay(
  scope: Scope,
  personId: string,
  { kind, id }: { kind: WayKind; id: string },
): Promise<boolean> {
  if (!isId(id)) return false;
  const [table, more] =
    kind === 'email'
      ? ['email_address', `put_off = '{}'`]
      : [
          'phone_number',
          `line = case when w.returned_why = 'landline' then 'either' else w.line end`,
        ];
  const found = await scope.db.raw(
    `update people.${table} w set status = 'ok', returned_at = null, returned_why = null, ${more}
     where w.id = :id and w.person_id = :personId and w.returned_why is not null and ${seen(scope, 'w.person_id')}`,
    { ...bounds(scope), id, personId },
  );
  return (found.rowCount ?? 0) > 0;
}
