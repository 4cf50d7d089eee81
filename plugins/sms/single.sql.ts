// Single messages: answers of staff and of the machine, each a row before it is handed over.
import type { Scope } from 'rostra/plugin';

export interface NewSingle {
  key: string;
  number: string;
  text: string;
  parts: number;
  kind: 'answer' | 'confirmation' | 'help';
  author: string | null;
  personId: string | null;
}

/** Of an account and a conversation that were found within the bound before. */
export async function insertSingle(
  scope: Scope,
  accountId: string,
  threadId: string,
  single: NewSingle,
): Promise<string> {
  const made = await scope.db.raw(
    `insert into sms.message (organization_id, account_id, direction, key, person_id, number, sender, text, parts,
       cost_milli, currency, state, at, author, kind)
     select organization_id, id, 'outbound', :key, cast(:personId as bigint), :number, sender, :text, cast(:parts as integer),
       price_milli * cast(:parts as integer), currency, 'later', :now, :author, :kind
     from sms.account where id = :accountId returning id`,
    { ...single, accountId, now: scope.now() },
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

export interface Single extends NewSingle {
  accountId: string;
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
     returning account_id as "accountId", key, number, text, parts, kind, author, person_id as "personId"`,
    { id, organizationId: scope.organization.id },
  );
  return found.rows[0];
}

/** Nothing was handed over. */
export async function settleSingle(
  scope: Scope,
  id: string,
  state: 'later' | 'refused',
  answer: string,
): Promise<void> {
  await scope.db.raw(
    `update sms.message set state = :state, answer = :answer
     where id = :id and kind is not null and state = 'handed' and organization_id = :organizationId`,
    { id, state, answer, organizationId: scope.organization.id },
  );
}
