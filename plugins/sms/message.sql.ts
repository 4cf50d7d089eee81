// Messages that went out and came in, and what gateways told of them.
import type { Scope } from 'rostra/plugin';
import { lineOf, usable } from './bound.ts';
import type { HandedSms, Inbound, Receipt } from './index.ts';

export interface Outgoing {
  key: string;
  number: string;
  sender: string;
  text: string;
  parts: number;
  costMilli: number;
  currency: string;
  personId?: string | undefined;
  handed: HandedSms;
}

/**
 * The scope's organization's, through an account that it may use. The same key again is the same message. Of a gateway
 * that gives one id twice the first message has it.
 */
export async function saveOutgoing(
  scope: Scope,
  accountId: string,
  messages: readonly Outgoing[],
): Promise<void> {
  await scope.db.raw(
    `insert into sms.message (organization_id, account_id, direction, key, reference, person_id, number, sender, text,
       parts, cost_milli, currency, state, answer, is_permanent, is_landline, at)
     select :organizationId, a.id, 'outbound', m.key,
       case when not exists (select from sms.message w where w.account_id = a.id and w.direction = 'outbound'
         and w.reference = m.reference and w.key <> m.key) then m.reference end, m."personId", m.number, m.sender, m.text, m.parts,
       m."costMilli", m.currency, m.state, m.answer, m."isPermanent", coalesce(m."isLandline", false), :now
     from sms.account a, jsonb_to_recordset(cast(:messages as jsonb)) as m(key text, reference text,
       "personId" bigint, number text, sender text, text text, parts integer, "costMilli" bigint, currency text,
       state text, answer text, "isPermanent" boolean, "isLandline" boolean)
     where a.id = :accountId and ${usable('a')}
     on conflict (account_id, key) where key is not null do update
       set reference = coalesce(excluded.reference, message.reference), state = excluded.state,
         answer = excluded.answer, at = excluded.at
       where message.state in ('handed', 'later', 'unknown')`,
    {
      ...{ accountId, organizationId: scope.organization.id, ...lineOf(scope) },
      now: scope.now(),
      messages: JSON.stringify(
        messages.map(({ handed, ...rest }, at) => ({
          ...rest,
          ...handed,
          reference: firstReference(messages, at),
          answer: handed.answer.slice(0, 500),
        })),
      ),
    },
  );
}

function firstReference(messages: readonly Outgoing[], at: number): string | undefined {
  const reference = messages[at]?.handed.reference;
  const first = messages.findIndex(({ handed }) => handed.reference === reference);
  return first === at ? reference?.slice(0, 200) : undefined;
}

/** Of an account that the scope may use; the same again is nothing new. */
export async function saveReceipts(
  scope: Scope,
  accountId: string,
  receipts: readonly Receipt[],
): Promise<void> {
  await scope.db.raw(
    `insert into sms.receipt (account_id, reference, state, is_permanent, is_landline, answer, at, kept_at)
     select a.id, r.reference, r.state, r."isPermanent", r."isLandline", r.answer, r.at, :now
     from sms.account a, jsonb_to_recordset(cast(:receipts as jsonb)) as r(reference text, state text,
       "isPermanent" boolean, "isLandline" boolean, answer text, at timestamptz)
     where a.id = :accountId and ${usable('a')}
     on conflict do nothing`,
    {
      ...{ accountId, ...lineOf(scope) },
      now: scope.now(),
      receipts: JSON.stringify(
        receipts.map(
          ({ reference, state, isPermanent = false, isLandline = false, answer, at }) => ({
            ...{ reference: reference.slice(0, 200), state, isPermanent, isLandline },
            ...{ answer: answer.slice(0, 500), at: at.toISOString() },
          }),
        ),
      ),
    },
  );
}

export interface Settled {
  id: string;
  /** Who sent it. */
  organizationId: string;
  key: string;
  state: 'delivered' | 'failed' | 'unknown';
  isPermanent: boolean;
  isLandline: boolean;
  /** Where it went; `null` of somebody who was erased since. */
  number: string | null;
  answer: string;
  at: Date;
}

/**
 * Receipts of an account that the scope may use whose message is there by now, all or those of these references: taken off the pile, and written
 * on their message. What arrived has arrived, whatever is told before or after; answers what is new by that.
 */
export async function settle(
  scope: Scope,
  accountId: string,
  references?: readonly string[],
): Promise<Settled[]> {
  const found = await scope.db.raw(
    `with taken as (
       delete from sms.receipt r using sms.message m, sms.account a
       where r.account_id = :accountId and a.id = r.account_id and ${usable('a')} and m.account_id = r.account_id and m.direction = 'outbound'
         and m.reference = r.reference ${references ? 'and m.reference = any (cast(:references as text[]))' : ''}
         ${references ? 'and r.reference = any (cast(:references as text[]))' : ''}
       returning m.id, r.state, r.is_permanent, r.is_landline, r.answer, r.at),
     best as (select distinct on (id) * from taken
       order by id, array_position(array['delivered', 'failed', 'unknown'], state))
     update sms.message m set state = best.state, answer = best.answer, receipt_at = best.at,
       is_permanent = best.is_permanent, is_landline = best.is_landline
     from best
     where m.id = best.id and m.state <> 'delivered' and not (m.state = 'failed' and best.state <> 'delivered')
       and not (m.state = 'unknown' and m.receipt_at is not null and best.state = 'unknown')
     returning m.id, m.organization_id as "organizationId", m.key, m.state, m.number,
       best.is_permanent as "isPermanent", best.is_landline as "isLandline", m.answer, m.receipt_at as at`,
    { accountId, ...lineOf(scope), ...(references && { references: [...references] }) },
  );
  return found.rows;
}

/** What receipts said of these messages of the scope's organization. */
export async function findSettled(scope: Scope, ids: readonly string[]): Promise<Settled[]> {
  const found = await scope.db.raw(
    `select id, organization_id as "organizationId", key, state, number, coalesce(is_permanent, false) as "isPermanent", is_landline as "isLandline", answer,
       receipt_at as at
     from sms.message
     where id = any (cast(:ids as bigint[])) and organization_id = :organizationId and receipt_at is not null`,
    { ids: [...ids], organizationId: scope.organization.id },
  );
  return found.rows;
}

export interface Kept {
  id: string;
  /** Whom it is for: who wrote to that number last, else whose account it is. */
  organizationId: string;
}

/** Kept before it is acted on; `undefined`: it was there already. Of an account that the scope may use. */
export async function saveInbound(
  scope: Scope,
  accountId: string,
  { from, to, text, at, reference }: Inbound,
): Promise<Kept | undefined> {
  const made = await scope.db.raw(
    `insert into sms.message (organization_id, account_id, direction, reference, number, sender, text, currency, state,
       at)
     select coalesce(
         (select m.organization_id from sms.message m
          where m.account_id = a.id and m.number = :from and m.direction = 'outbound' order by m.at desc, m.id desc limit 1),
         a.organization_id),
       a.id, 'inbound', :reference, :from, :to, :text, a.currency, 'received', :at
     from sms.account a where a.id = :accountId and ${usable('a')}
     on conflict do nothing returning id, organization_id as "organizationId"`,
    {
      accountId,
      ...lineOf(scope),
      from,
      to,
      text,
      at,
      reference: reference?.slice(0, 200) ?? null,
    },
  );
  return made.rows[0];
}

export interface Unheard {
  id: string;
  accountId: string;
  from: string;
  to: string;
  text: string;
  at: Date;
}

/** What came for the scope's organization and was not acted on yet, oldest first. */
export async function findUnheard(scope: Scope, most: number): Promise<Unheard[]> {
  const found = await scope.db.raw(
    `select id, account_id as "accountId", number as "from", sender as "to", text, at from sms.message
     where direction = 'inbound' and heard_at is null and organization_id = :organizationId and number is not null
     order by id limit :most`,
    { organizationId: scope.organization.id, most },
  );
  return found.rows;
}

/** Answers whether nobody acted on it before; locks it until the end of the transaction. */
export async function noteActedOn(scope: Scope, id: string): Promise<boolean> {
  const found = await scope.db.raw(
    `update sms.message set heard_at = :now
     where id = :id and organization_id = :organizationId and heard_at is null`,
    { id, organizationId: scope.organization.id, now: scope.now() },
  );
  return found.rowCount > 0;
}

/** Receipts whose message never turned up. Whatever the organization: nothing of a person is in them. */
export async function forgetReceipts(scope: Scope, before: Date): Promise<number> {
  const found = await scope.db.raw('delete from sms.receipt where kept_at < :before', { before });
  return found.rowCount;
}
