// Messages whose text leads to a page that stops it, since their sender cannot be answered.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface Shortened {
  id: string;
  number: string;
}

/** By how its key begins; not of who was erased. */
export async function findByShort(scope: Scope, head: string): Promise<Shortened | undefined> {
  const found = await scope.db.raw(
    `select m.id, m.number from sms.message m
     where left(m.key, 18) = :head and m.direction = 'outbound' and m.sender !~ '^[+0-9]+$' and m.key is not null
       and m.number is not null and ${within(scope, 'm')}`,
    { ...boundOf(scope), head },
  );
  return found.rows.length === 1 ? found.rows[0] : undefined;
}
