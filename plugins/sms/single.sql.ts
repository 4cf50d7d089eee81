// Single messages: answers of staff and of the machine, each a row before it is handed over.
import type { Scope } from 'rostra/plugin';
import { lineOf, usable } from './bound.ts';

export interface NewSingle {
  key: string;
  number: string;
  text: string;
  parts: number;
  kind: 'answer' | 'confirmation' | 'help';
  author: string | null;
  personId: string | null;
  /** When it may leave; now, if left out. */
  dueAt?: Date;
}

/** Through an account that the scope's organization may use, in a conversation that was found within the bound before. */
export async function insertSingle(
  scope: Scope,
  accountId: string,
  threadId: string,
  single: NewSingle,
): Promise<string> {
  const made = await scope.db.raw(
    `insert into sms.message (organization_id, account_id, direction, key, person_id, number, sender, text, parts,
       cost_milli, currency, state, at, author, kind, due_at)
     select :organizationId, a.id, 'outbound', :key, cast(:personId as bigint), :number, sender, :text, cast(:parts as integer),
       price_milli * cast(:parts as integer), currency, 'later', :now, :author, :kind, :dueAt
     from sms.account a where a.id = :accountId and ${usable('a')} returning id`,
    {
      ...{ ...single, dueAt: single.dueAt ?? null },
      ...{ accountId, organizationId: scope.organization.id, ...lineOf(scope) },
      now: scope.now(),
    },
  );
  await scope.db.raw(
    'update sms.thread set last_at = greatest(last_at, :now) where id = :threadId',
    {
      threadId,
      now: scope.now(),
    },
  );
  return made.rows[0].id;
}

export interface Single extends Omit<NewSingle, 'dueAt'> {
  accountId: string;
  /** When they wrote last. */
  lastInAt: Date | null;
  /** Whoever has the number. */
  personIds: string[];
}

/** To be handed over now; `undefined`: it was already, or is gone. What a dead process had in hand is unknown. */
export async function claimSingle(scope: Scope, id: string): Promise<Single | undefined> {
  await scope.db.raw(
    `update sms.message set state = 'unknown'
     where id = :id and kind is not null and state = 'handed' and organization_id = :organizationId`,
    { id, organizationId: scope.organization.id },
  );
  const found = await scope.db.raw(
    `update sms.message set state = 'handed'
     where id = :id and kind is not null and state = 'later' and number is not null
       and organization_id = :organizationId
     returning account_id as "accountId", key, number, text, parts, kind, author, person_id as "personId",
       (select t.last_in_at from ${thread}) as "lastInAt",
       array(select p.person_id::text from sms.thread_person p where p.thread_id = (select t.id from ${thread})
         order by p.person_id) as "personIds"`,
    { id, organizationId: scope.organization.id },
  );
  return found.rows[0];
}

const thread = `sms.thread t
  where t.account_id = message.account_id and t.organization_id = message.organization_id and t.number = message.number`;

/** Nothing was handed over. */
export async function settleSingle(
  scope: Scope,
  id: string,
  state: 'later' | 'refused',
  answer: string,
  dueAt?: Date,
): Promise<void> {
  await scope.db.raw(
    `update sms.message set state = :state, answer = :answer, due_at = :dueAt
     where id = :id and kind is not null and state = 'handed' and organization_id = :organizationId`,
    { id, state, answer, dueAt: dueAt ?? null, organizationId: scope.organization.id },
  );
}
