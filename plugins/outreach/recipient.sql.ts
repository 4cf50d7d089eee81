// Recipients of a send: frozen when it begins, and the steps that each goes through once.
import type { ReachRows } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

/**
 * Each person once, whoever freezes beside; in order, so that two who do wait for each other and no more. `decisions`: by
 * place of the answer. Answers whether the send was still to begin.
 */
export async function insertRecipients(
  scope: Scope,
  sendId: string,
  { sql, bindings }: ReachRows,
  decisions: readonly string[],
): Promise<boolean> {
  const found = await scope.db.raw(
    `with open as materialized (
       select id from outreach.send where id = :ownSend and state = 'approved' for share),
     written as (
       insert into outreach.recipient (send_id, person_id, address, locale, is_direct, decision, consent_id, due_at)
       select :ownSend, person_id, address, coalesce(locale, :ownLocale), is_direct,
         (cast(:ownDecisions as text[]))[place + 1], consent_id, :ownNow
       from (${sql}) reached where exists (select from open) order by person_id
       on conflict (send_id, person_id) do nothing)
     select exists (select from open) as "isOpen"`,
    {
      ...bindings,
      ...{ ownSend: sendId, ownLocale: scope.locale, ownNow: scope.now() },
      ownDecisions: [...decisions],
    },
  );
  return found.rows[0].isOpen;
}

/** After many came at once: until PostgreSQL knows of them it reads them all to find the few that are due. */
export async function analyzeRecipients(scope: Scope): Promise<void> {
  await scope.db.raw('analyze outreach.recipient');
}

export interface ClaimedRecipient {
  id: string;
  key: string;
  personId: string;
  /** As the list has it. */
  address: string | null;
  locale: string;
  attempts: number;
}

/** Takes the next that are due while it is sent, so that no other process does; whether they are counted is looked at anew. */
export async function claimRecipients(
  scope: Scope,
  sendId: string,
  { holder, limit }: { holder: string; limit: number },
): Promise<ClaimedRecipient[]> {
  const found = await scope.db.raw(
    `update outreach.recipient set state = 'claimed', holder = :holder, attempts = attempts + 1,
       is_measured = false, measure_consent_id = null
     where id in (
       select r.id from outreach.recipient r join outreach.send s on s.id = r.send_id
       where r.send_id = :sendId and s.state = 'sending' and s.organization_id = :organizationId
         and r.state = 'ready' and r.due_at <= :now and r.person_id is not null
       order by r.due_at, r.id limit :limit for update of r skip locked)
     returning id, key, person_id as "personId", address, locale, attempts`,
    {
      ...{ sendId, organizationId: scope.organization.id, now: scope.now(), holder, limit },
    },
  );
  return found.rows.sort((a: ClaimedRecipient, b: ClaimedRecipient) => Number(a.id) - Number(b.id));
}

/** Where they are to be written to by now. */
export async function moveAddresses(
  scope: Scope,
  ways: readonly { id: string; address: string; isDirect: boolean }[],
): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient r set address = way.address, is_direct = way.direct
     from unnest(cast(:ids as bigint[]), cast(:addresses as text[]), cast(:direct as boolean[]))
       as way (id, address, direct)
     where r.id = way.id and r.state = 'claimed' and (r.address, r.is_direct) is distinct from (way.address, way.direct)`,
    {
      ids: ways.map((one) => one.id),
      addresses: ways.map((one) => one.address),
      direct: ways.map((one) => one.isDirect),
    },
  );
}

/** When their turn came they were not to be written to any more; `answer` says in one word why. */
export async function skipRecipients(
  scope: Scope,
  those: readonly { id: string; why: string }[],
  holder: string,
): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient r set state = 'skipped', answer = each.why, settled_at = :now
     from unnest(cast(:ids as bigint[]), cast(:whys as text[])) as each (id, why)
     where r.id = each.id and r.state = 'claimed' and r.holder = :holder`,
    {
      ...{ now: scope.now(), holder },
      ids: those.map(({ id }) => id),
      whys: those.map(({ why }) => why),
    },
  );
}

/** What was claimed and not handed over waits until `dueAt`; it was no attempt. */
export async function giveBack(
  scope: Scope,
  ids: readonly string[],
  back: { holder: string; dueAt: Date },
): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient set state = 'ready', holder = null, due_at = :dueAt, attempts = attempts - 1
     where id = any (cast(:ids as bigint[])) and holder = :holder and state = 'claimed'`,
    { ids: [...ids], ...back },
  );
}

/** What an earlier run of this process left behind when the database went away: one run of a send follows the other. */
export async function settleLeft(scope: Scope, sendId: string, holder: string): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient set
       state = case state when 'claimed' then 'ready' else 'unknown' end,
       holder = case state when 'handed' then holder end,
       attempts = attempts - case state when 'claimed' then 1 else 0 end,
       settled_at = case state when 'handed' then cast(:now as timestamptz) end
     where send_id = :sendId and holder = :holder and state in ('claimed', 'handed')`,
    { sendId, holder, now: scope.now() },
  );
}

/** Names of processes that hold some, of whichever organization. */
export async function findHolders(scope: Scope): Promise<string[]> {
  const found = await scope.db.raw(
    `select distinct holder from outreach.recipient where state in ('claimed', 'handed') and holder is not null`,
  );
  return found.rows.map((row: { holder: string }) => row.holder);
}

/** Of processes that died: what was only claimed is sent after all, what was handed over is unknown for good. */
export async function settleLost(scope: Scope, dead: readonly string[]): Promise<number> {
  await scope.db.raw(
    `update outreach.recipient set state = 'ready', holder = null
     where holder = any (cast(:dead as text[])) and state = 'claimed'`,
    { dead: [...dead] },
  );
  const found = await scope.db.raw(
    `update outreach.recipient set state = 'unknown', settled_at = :now
     where holder = any (cast(:dead as text[])) and state = 'handed'`,
    { dead: [...dead], now: scope.now() },
  );
  return found.rowCount ?? 0;
}

/** Of those that ended so, the first, with the peer's answer. */
export async function findEnded(
  scope: Scope,
  sendId: string,
  state: 'refused' | 'unknown' | 'skipped',
  most: number,
): Promise<{ personId: string | null; answer: string | null }[]> {
  const found = await scope.db.raw(
    `select r.person_id as "personId", r.answer
     from outreach.recipient r join outreach.send s on s.id = r.send_id
     where r.send_id = :sendId and r.state = :state and ${within(scope)} order by r.id limit :most`,
    { ...boundOf(scope), sendId, state, most },
  );
  return found.rows;
}

/** Whoever leaves by the link in it. */
export async function noteLeft(scope: Scope, id: string, personId: string): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient set left_at = coalesce(left_at, :now) where id = :id and person_id = :personId`,
    { id, personId, now: scope.now() },
  );
}

/** Where a letter by e-mail went; `undefined` of a message on another channel, or once it is forgotten. */
export async function findReaderAddress(
  scope: Scope,
  id: string,
  personId: string,
): Promise<string | undefined> {
  const found = await scope.db.raw(
    `select r.address from outreach.recipient r join outreach.send s on s.id = r.send_id
     where r.id = :id and r.person_id = :personId and s.channel = 'email' and ${within(scope)}`,
    { ...boundOf(scope), id, personId },
  );
  return found.rows[0]?.address ?? undefined;
}
