// Recipients: staff read those they hold an office of; pages and jobs those of the organization and below.
import type { Scope } from 'rostra/plugin';
import { likenessWaits } from './likeness.sql.ts';
import { boundOf, held, heldBy, within } from './office.sql.ts';
import { fromRow, toRow } from './row.ts';

export type RecipientKind = 'party' | 'local_party' | 'committee' | 'candidate';

export interface RecipientValues {
  kind: RecipientKind;
  name: string;
  /** Word of `money.collector`. */
  collector: string | undefined;
  agent: string | undefined;
  address: string;
  registerNumber: string | undefined;
  currency: string;
  bankAccount: string | undefined;
  /** Of a candidate. */
  election: string | undefined;
  /** `OH`: in which state it is, where the law caps the party's committees of one together. */
  region: string | undefined;
  /** ISO dates: before and after, nothing is taken. */
  opensOn: string | undefined;
  closesOn: string | undefined;
  isTest: boolean;
}
export interface Recipient extends RecipientValues {
  id: string;
  organizationId: string;
  createdAt: Date;
  closedAt: Date | undefined;
  closing: Closing | undefined;
}
/** As it was printed on the day it was closed. */
export interface Closing {
  /** Of the ledger, by account, in the smallest unit. */
  balances: Record<string, number>;
  entries: number;
  /** Of the last link of the ledger's chain, in hex: the same export has the same. */
  digest: string;
  /** Who closed it. */
  author: string;
}

const columns = `r.id, r.organization_id as "organizationId", r.kind, r.name, r.collector, r.agent, r.address,
  r.register_number as "registerNumber", r.currency, r.bank_account as "bankAccount", r.election, r.region,
  to_char(r.opens_on, 'YYYY-MM-DD') as "opensOn", to_char(r.closes_on, 'YYYY-MM-DD') as "closesOn",
  r.is_test as "isTest", r.created_at as "createdAt", r.closed_at as "closedAt", r.closing`;

export async function findRecipients(scope: Scope): Promise<Recipient[]> {
  const found = await scope.db.raw(
    `select ${columns} from fundraising.recipient r where ${held(scope, 'r.id')}
     order by r.closed_at nulls first, lower(r.name), r.id`,
    heldBy(scope),
  );
  return found.rows.map(recipientOf);
}

export async function findRecipient(scope: Scope, id: string): Promise<Recipient | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from fundraising.recipient r where r.id = :id and ${held(scope, 'r.id')}`,
    { id, ...heldBy(scope) },
  );
  return found.rows[0] && recipientOf(found.rows[0]);
}

/** For a public page: one of the organization whose site it is on. */
export async function findAskingRecipient(
  scope: Scope,
  id: string,
): Promise<Recipient | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from fundraising.recipient r
     where r.id = :id and r.organization_id = :organizationId`,
    { id, organizationId: scope.organization.id },
  );
  return found.rows[0] && recipientOf(found.rows[0]);
}

/** Of all there are, told to who may found one: names alone, and whether somebody still answers for it. */
export async function findNames(
  scope: Scope,
): Promise<{ id: string; name: string; isClosed: boolean; hasTreasurer: boolean }[]> {
  const found = await scope.db.raw(
    `select r.id, r.name, r.closed_at is not null as "isClosed", exists (
       select from fundraising.office o join core.account a on a.id = o.account_id
       where o.recipient_id = r.id and o.duty = 'treasurer' and o.ended_at is null
         and a.disabled_at is null) as "hasTreasurer"
     from fundraising.recipient r
     where ${within(scope)}
     order by lower(r.name), r.id`,
    boundOf(scope),
  );
  return found.rows;
}

export async function hasRecipient(scope: Scope): Promise<boolean> {
  const found = await scope.db.raw(
    `select exists (select from fundraising.recipient r where ${within(scope)}) as "isThere"`,
    boundOf(scope),
  );
  return found.rows[0].isThere;
}

export async function insertRecipient(scope: Scope, values: RecipientValues): Promise<string> {
  const made = await scope.db.raw(
    `insert into fundraising.recipient (organization_id, kind, name, collector, agent, address, register_number,
       currency, bank_account, election, region, opens_on, closes_on, is_test, created_at)
     values (:organizationId, :kind, :name, :collector, :agent, :address, :registerNumber,
       :currency, :bankAccount, :election, :region, :opensOn, :closesOn, :isTest, :now) returning id`,
    { ...toRow(values), organizationId: scope.organization.id, now: scope.now() },
  );
  return made.rows[0].id;
}

/** What may still change: kind, currency and test stay, for the ledger rests on them. */
export async function updateRecipient(
  scope: Scope,
  id: string,
  values: RecipientValues,
): Promise<void> {
  await scope.db.raw(
    `update fundraising.recipient r set name = :name, collector = :collector, agent = :agent, address = :address,
       register_number = :registerNumber, bank_account = :bankAccount, election = :election, region = :region,
       opens_on = :opensOn, closes_on = :closesOn
     where r.id = :id and r.closed_at is null and ${held(scope, 'r.id')}`,
    { ...toRow(values), id, ...heldBy(scope) },
  );
}

/** To the end of the transaction no gift and no entry comes in, and those under way are waited for. */
export async function lockRecipient(scope: Scope, id: string): Promise<void> {
  await scope.db.raw('select from fundraising.recipient where id = :id for no key update', { id });
}

/** What must come to an end before the books are closed, each in a word; after that nobody could enter it. */
export async function findOpenEnds(scope: Scope, id: string): Promise<string[]> {
  const found = await scope.db.raw(
    `select word from (values
       ('gift', exists (select from fundraising.donation where recipient_id = :id and state in ('pledged', 'held'))),
       ('batch', exists (select from fundraising.batch b where b.recipient_id = :id and b.closed_at is null
         and exists (select from fundraising.donation d where d.batch_id = b.id and d.state <> 'refused'))),
       ('payment', exists (select from fundraising.payment where recipient_id = :id and state not in ('succeeded', 'failed'))),
       ('refund', exists (select from fundraising.refund where recipient_id = :id and state not in ('succeeded', 'failed'))),
       ('excess', exists (select from fundraising.excess where recipient_id = :id and settled_at is null)),
       ('likeness', exists (select from fundraising.likeness l where l.recipient_id = :id and ${likenessWaits})),
       ('balance', exists (select from fundraising.entry e join fundraising.posting p on p.entry_id = e.id
         where e.recipient_id = :id and p.account in ('provider', 'cash', 'cheques', 'held', 'disputes')
         group by p.account having sum(p.amount_minor) <> 0))) as ends (word, is_open)
     where is_open and cast(:id as bigint) in (select r.id from fundraising.recipient r where ${held(scope, 'r.id')})`,
    { id, ...heldBy(scope) },
  );
  return found.rows.map(({ word }: { word: string }) => word);
}

/** Answers whether it was open. */
export async function closeRecipient(scope: Scope, id: string, closing: Closing): Promise<boolean> {
  const closed = await scope.db.raw(
    `update fundraising.recipient r set closed_at = :now, closing = cast(:closing as jsonb)
     where r.id = :id and r.closed_at is null and ${held(scope, 'r.id')}`,
    { id, closing: JSON.stringify(closing), now: scope.now(), ...heldBy(scope) },
  );
  return closed.rowCount > 0;
}

function recipientOf(row: Record<string, unknown>): Recipient {
  return fromRow<Recipient>(row);
}
