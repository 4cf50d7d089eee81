// What is known of an address from messages that came back.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import type { ReturnedWhy } from './index.ts';

export interface Returned {
  personId: string;
  address: string;
  why: ReturnedWhy;
  at: Date;
}

/** Answers what it was taken for until now; `undefined` for one that is no longer theirs. */
export async function lockAddress(
  scope: Scope,
  personId: string,
  address: string,
): Promise<'ok' | 'bounced' | 'bad' | undefined> {
  if (!isId(personId)) return undefined;
  const found = await scope.db.raw(
    `select e.status from people.email_address e
     where e.person_id = :personId and e.address = lower(btrim(:address)) and ${seen(scope, 'e.person_id')}
     for update of e`,
    { ...bounds(scope), personId, address },
  );
  return found.rows[0]?.status;
}

/** Counted once for each time; answers how many there were since `since`. */
export async function notePutOff(
  scope: Scope,
  { personId, address, why, at }: Returned,
  since: Date,
): Promise<number> {
  const found = await scope.db.raw(
    `update people.email_address e set returned_at = greatest(e.returned_at, :at), returned_why = :why,
       put_off = array(select distinct day from unnest(array_append(e.put_off, cast(:at as timestamptz))) day
         where day >= :since order by day)
     where e.person_id = :personId and e.address = lower(btrim(:address)) and ${seen(scope, 'e.person_id')}
     returning cardinality(e.put_off) as count`,
    { ...bounds(scope), personId, address, why, at, since },
  );
  return found.rows[0]?.count ?? 0;
}

export async function markReturned(
  scope: Scope,
  { personId, address, why, at }: Returned,
  status: 'bounced' | 'bad',
): Promise<number> {
  const found = await scope.db.raw(
    `update people.email_address e set status = :status, returned_at = :at, returned_why = :why, put_off = '{}'
     where e.person_id = :personId and e.address = lower(btrim(:address)) and ${seen(scope, 'e.person_id')}`,
    { ...bounds(scope), personId, address, why, at, status },
  );
  return found.rowCount ?? 0;
}
