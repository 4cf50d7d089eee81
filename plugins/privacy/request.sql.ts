// Requests and their steps: read within the scope's bound, moved on by whoever may.
import type { Scope } from 'rostra/plugin';
import { asBytes } from './bytes.ts';

export const kinds = ['access', 'copy', 'correction', 'objection', 'erasure'] as const;
export type Kind = (typeof kinds)[number];
export type State = 'open' | 'waiting' | 'done' | 'refused';
export type Outcome = 'given' | 'corrected' | 'stopped' | 'erased' | 'refused';

export interface RequestRow {
  id: string;
  organizationId: string;
  personId: string | null;
  reference: string;
  kind: Kind;
  origin: 'self' | 'staff';
  state: State;
  outcome: Outcome | null;
  words: string | null;
  neverAgain: boolean;
  askedAt: Date;
  dueAt: Date | null;
  extendedAt: Date | null;
  answeredAt: Date | null;
  waitingFor: string[];
  nextAt: Date | null;
  attempts: number;
}
export interface StepRow {
  kind: string;
  text: string | null;
  byName: string | null;
  at: Date;
}

const columns = `r.id, r.organization_id as "organizationId", r.person_id as "personId", r.reference, r.kind,
  r.origin, r.state, r.outcome, r.words, r.never_again as "neverAgain", r.asked_at as "askedAt",
  r.due_at as "dueAt", r.extended_at as "extendedAt", r.answered_at as "answeredAt",
  r.waiting_for as "waitingFor", r.next_at as "nextAt", r.attempts`;

export interface NewRequest {
  personId: string;
  reference: string;
  kind: Kind;
  origin: 'self' | 'staff';
  words: string | undefined;
  neverAgain: boolean;
  askedAt: Date;
  dueAt: Date | undefined;
  nextAt: Date | undefined;
  addressHashes: readonly Buffer[];
}

export async function insertRequest(scope: Scope, request: NewRequest): Promise<string> {
  const made = await scope.db.raw(
    `insert into privacy.request (organization_id, person_id, reference, kind, origin, words, never_again,
       address_hashes, asked_at, due_at, next_at)
     values (:organizationId, :personId, :reference, :kind, :origin, :words, :neverAgain,
       cast(:addressHashes as bytea[]), :askedAt, :dueAt, :nextAt)
     returning id`,
    {
      ...request,
      words: request.words ?? null,
      addressHashes: asBytes(request.addressHashes),
      dueAt: request.dueAt ?? null,
      nextAt: request.nextAt ?? null,
      ...bounds(scope),
    },
  );
  return made.rows[0].id;
}

export async function insertStep(
  scope: Scope,
  requestId: string,
  step: { kind: string; text?: string },
): Promise<void> {
  const { actor } = scope;
  await scope.db.raw(
    `insert into privacy.step (organization_id, request_id, kind, text, by_name, at)
     select r.organization_id, r.id, :kind, :text, :byName, :now from privacy.request r where r.id = :requestId`,
    {
      requestId,
      kind: step.kind,
      text: step.text ?? null,
      byName: actor.kind === 'staff' ? actor.name : null,
      now: scope.now(),
    },
  );
}

/** `lock`: nobody else moves it on meanwhile. */
export async function findRequest(
  scope: Scope,
  id: string,
  lock = false,
): Promise<RequestRow | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from privacy.request r where r.id = :id and ${ours(scope)} ${lock ? 'for update' : ''}`,
    { id, ...bounds(scope) },
  );
  return found.rows[0];
}

/** For whoever was told the reference; nothing personal comes with it. */
export async function findByReference(
  scope: Scope,
  reference: string,
): Promise<Omit<RequestRow, 'words' | 'personId'> | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from privacy.request r where r.reference = :reference`,
    { reference },
  );
  if (!found.rows[0]) return undefined;
  const { words, personId, ...rest } = found.rows[0];
  return rest;
}

/** Asked already and not answered: asking twice is one request. */
export async function findOpen(
  scope: Scope,
  personId: string,
  kind: Kind,
): Promise<RequestRow | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from privacy.request r
     where r.person_id = :personId and r.kind = :kind and r.answered_at is null and ${ours(scope)}
     order by r.id limit 1`,
    { personId, kind, ...bounds(scope) },
  );
  return found.rows[0];
}

export async function findSteps(scope: Scope, requestId: string): Promise<StepRow[]> {
  const found = await scope.db.raw(
    `select s.kind, s.text, s.by_name as "byName", s.at from privacy.step s
     join privacy.request r on r.id = s.request_id
     where s.request_id = :requestId and ${ours(scope)} order by s.id desc`,
    { requestId, ...bounds(scope) },
  );
  return found.rows;
}

export async function findRequestsOf(scope: Scope, personId: string): Promise<RequestRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from privacy.request r where r.person_id = :personId and ${ours(scope)}
     order by r.answered_at is null desc, r.id desc limit 20`,
    { personId, ...bounds(scope) },
  );
  return found.rows;
}

export interface ListFilters {
  show: 'open' | 'answered' | 'all';
  kind?: string;
  /** A reference, or an e-mail address with its keyed hash, also of one who was erased. */
  q?: string;
  hash?: Buffer;
  /** Those after the first so many. */
  skip: number;
}

/** What is due first comes first; what was answered, the latest. */
export async function findRequests(
  scope: Scope,
  filters: ListFilters,
  most: number,
): Promise<RequestRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from privacy.request r
     where ${ours(scope)}
       and (:show = 'all' or (r.answered_at is null) = (:show = 'open'))
       and (:kind = '' or r.kind = :kind)
       and (:q = '' or cast(:hash as bytea) = any (r.address_hashes) or upper(:q) = r.reference)
     order by r.answered_at desc nulls first, r.due_at nulls last, r.id
     limit :most offset :skip`,
    {
      show: filters.show,
      kind: filters.kind ?? '',
      q: filters.q ?? '',
      hash: filters.hash ?? null,
      ...{ skip: filters.skip, most, ...bounds(scope) },
    },
  );
  return found.rows;
}

export async function countRequests(
  scope: Scope,
): Promise<{ open: number; late: number; answered: number; nextDue: Date | null }> {
  const found = await scope.db.raw(
    `select count(*) filter (where r.answered_at is null) as open,
       count(*) filter (where r.answered_at is null and r.due_at < :now) as late,
       count(*) filter (where r.answered_at is not null) as answered,
       min(r.due_at) filter (where r.answered_at is null) as "nextDue"
     from privacy.request r where ${ours(scope)}`,
    bounds(scope),
  );
  const { open, late, answered, nextDue } = found.rows[0];
  return { open: Number(open), late: Number(late), answered: Number(answered), nextDue };
}

/** How each was answered, oldest first: for the authority, so nothing of whom. */
export async function findAnswers(scope: Scope): Promise<RequestRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from privacy.request r where ${ours(scope)} order by r.id`,
    bounds(scope),
  );
  return found.rows;
}

export async function answer(
  scope: Scope,
  id: string,
  { state, outcome }: { state: 'done' | 'refused'; outcome: Outcome },
): Promise<number> {
  const done = await scope.db.raw(
    `update privacy.request r set state = :state, outcome = :outcome, answered_at = :now, next_at = null,
       waiting_for = '{}', person_id = case when :outcome = 'erased' then null else r.person_id end,
       words = case when :outcome = 'erased' then null else r.words end
     where r.id = :id and r.answered_at is null and ${ours(scope)}`,
    { id, state, outcome, ...bounds(scope) },
  );
  return done.rowCount ?? 0;
}

/** Once wished, it stands. */
export async function raiseNeverAgain(scope: Scope, id: string): Promise<number> {
  const done = await scope.db.raw(
    `update privacy.request r set never_again = true
     where r.id = :id and r.answered_at is null and ${ours(scope)}`,
    { id, ...bounds(scope) },
  );
  return done.rowCount ?? 0;
}

export async function extend(scope: Scope, id: string, dueAt: Date): Promise<number> {
  const done = await scope.db.raw(
    `update privacy.request r set due_at = :dueAt, extended_at = :now
     where r.id = :id and r.answered_at is null and r.extended_at is null and ${ours(scope)}`,
    { id, dueAt, ...bounds(scope) },
  );
  return done.rowCount ?? 0;
}

/** The program goes on with it from then. */
export async function schedule(
  scope: Scope,
  id: string,
  nextAt: Date,
  waiting?: { for: string[] },
): Promise<void> {
  await scope.db.raw(
    `update privacy.request r set next_at = :nextAt,
       state = case when :isWaiting then 'waiting' else r.state end,
       waiting_for = case when :isWaiting then cast(:names as text[]) else r.waiting_for end,
       attempts = r.attempts + case when :isWaiting then 1 else 0 end
     where r.id = :id and r.answered_at is null and ${ours(scope)}`,
    {
      ...{ id, nextAt, ...bounds(scope) },
      isWaiting: waiting !== undefined,
      names: waiting?.for ?? [],
    },
  );
}

/** What the program is to go on with now. */
export async function findDue(scope: Scope, most: number): Promise<string[]> {
  const found = await scope.db.raw(
    `select r.id from privacy.request r where r.next_at <= :now and ${ours(scope)}
     order by r.next_at, r.id limit :most`,
    { most, ...bounds(scope) },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** The party sees all; a chapter what is its own and what lies below it. */
function ours(scope: Scope): string {
  return scope.bound ? 'r.organization_id = any (cast(:bound as bigint[]))' : 'true';
}

function bounds(scope: Scope) {
  return {
    bound: [...(scope.bound ?? [])],
    organizationId: scope.organization.id,
    now: scope.now(),
  };
}
