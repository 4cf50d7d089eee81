// The register of breaches: read within the scope's bound, changed by the organization itself, never emptied.
import type { Scope } from 'rostra/plugin';

export const kindsOfBreach = ['confidentiality', 'integrity', 'availability'] as const;
export type BreachKind = (typeof kindsOfBreach)[number];
export const risks = ['none', 'risk', 'high'] as const;
export type Risk = (typeof risks)[number];

/** What staff write down and may change until it is closed. */
export interface BreachFacts {
  happenedAt: Date | null;
  knownAt: Date;
  what: string;
  kinds: BreachKind[];
  data: string[];
  dataMore: string | null;
  peopleCount: number | null;
  recordCount: number | null;
  concerned: string | null;
  consequences: string | null;
  measures: string | null;
  /** `null`: not judged yet. */
  risk: Risk | null;
}
/** Another law's clock, that of people there; instants as ISO. */
export interface Abroad {
  country: string;
  dueAt: string;
  source: string;
  reportedAt: string | null;
  reportNumber: string | null;
  lateReason: string | null;
}
/** What was decided and done about it. */
export interface BreachCourse {
  /** Until when the law wants the authority told, and where that is written; `null` where none does. */
  dueAt: Date | null;
  dueSource: string | null;
  lateReason: string | null;
  reportedAt: Date | null;
  reportNumber: string | null;
  unreportedAt: Date | null;
  unreportedReason: string | null;
  toldAt: Date | null;
  toldHow: string | null;
  untoldReason: string | null;
  closedAt: Date | null;
  abroad: Abroad[];
}
export type BreachValues = BreachFacts & BreachCourse;
export interface Breach extends BreachValues {
  id: string;
  organizationId: string;
  organizationName: string;
  organizationSlug: string;
  reference: string;
  /** How many who were named in it are not any more: erased, or out of its time. */
  namedErased: number;
  /** How many are named in it now. */
  named: number;
  /** Its newest step: who changes it says which one they saw. */
  lastChange: string | null;
  recordedAt: Date;
  recordedBy: string | null;
}

const columnOf = {
  happenedAt: 'happened_at',
  knownAt: 'known_at',
  what: 'what',
  kinds: 'kinds',
  data: 'data',
  dataMore: 'data_more',
  peopleCount: 'people_count',
  recordCount: 'record_count',
  concerned: 'concerned',
  consequences: 'consequences',
  measures: 'measures',
  risk: 'risk',
  dueAt: 'due_at',
  dueSource: 'due_source',
  lateReason: 'late_reason',
  reportedAt: 'reported_at',
  reportNumber: 'report_number',
  unreportedAt: 'unreported_at',
  unreportedReason: 'unreported_reason',
  toldAt: 'told_at',
  toldHow: 'told_how',
  untoldReason: 'untold_reason',
  closedAt: 'closed_at',
  abroad: 'abroad',
} as const satisfies Record<keyof BreachValues, string>;

const columns = [
  ...Object.entries(columnOf).map(([name, column]) => `b.${column} as "${name}"`),
  `b.id, b.organization_id as "organizationId", o.name as "organizationName", o.slug as "organizationSlug",
   b.reference, b.named_erased as "namedErased", b.recorded_at as "recordedAt", b.recorded_by as "recordedBy",
   (select count(*)::int from privacy.breach_person p where p.breach_id = b.id) as named,
   (select max(c.id) from privacy.breach_change c where c.breach_id = b.id) as "lastChange"`,
].join(', ');
const from = 'privacy.breach b join core.organization o on o.id = b.organization_id';

export async function insertBreach(
  scope: Scope,
  reference: string,
  values: Partial<BreachValues>,
): Promise<string> {
  const row = {
    ...inColumns(values),
    ...{ organization_id: scope.organization.id, reference },
    ...{ recorded_at: scope.now(), recorded_by: nameOf(scope) },
  };
  const [made] = await scope.db('privacy.breach').insert(row).returning('id');
  return made.id;
}

/** Of the scope's own organization alone, and while it is open: what is closed stands still. */
export async function updateBreach(
  scope: Scope,
  id: string,
  values: Partial<BreachValues>,
): Promise<number> {
  return scope
    .db('privacy.breach')
    .where({ id, organization_id: scope.organization.id })
    .whereNull('closed_at')
    .update(inColumns(values));
}

export async function findBreach(scope: Scope, id: string): Promise<Breach | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from ${from} where b.id = :id and ${ours(scope)}`,
    { id, ...bounds(scope) },
  );
  return found.rows[0];
}

/** One of the scope's own organization, which nobody else changes meanwhile. */
export async function holdBreach(scope: Scope, id: string): Promise<Breach | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from ${from} where b.id = :id and b.organization_id = :organizationId for update of b`,
    { id, ...bounds(scope) },
  );
  return found.rows[0];
}

export type BreachShow = 'open' | 'closed' | 'all';

/** The newest first; of the open ones, first those that the authority is still to be told of. */
export async function findBreaches(
  scope: Scope,
  { show, skip }: { show: BreachShow; skip: number },
  most: number,
): Promise<Breach[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where ${ours(scope)} and (:show = 'all' or (b.closed_at is null) = (:show = 'open'))
     order by b.closed_at desc nulls first, (${isWaiting} or ${abroadDue} is not null) desc, b.known_at desc, b.id desc
     limit :most offset :skip`,
    { show, skip, most, ...bounds(scope) },
  );
  return found.rows;
}

/** The whole register, oldest first. */
export async function findRegister(scope: Scope): Promise<Breach[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from} where ${ours(scope)} order by b.id`,
    bounds(scope),
  );
  return found.rows;
}

/** To which a person may still be added, by the organization itself. */
export async function findOpenBreaches(scope: Scope): Promise<Breach[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where b.organization_id = :organizationId and b.closed_at is null order by b.id desc limit 50`,
    bounds(scope),
  );
  return found.rows;
}

export async function countBreaches(
  scope: Scope,
): Promise<{ open: number; closed: number; late: number; nextDue: Date | null }> {
  const found = await scope.db.raw(
    `select count(*) filter (where b.closed_at is null)::int as open,
       count(*) filter (where b.closed_at is not null)::int as closed,
       count(*) filter (where ${isWaiting} and b.due_at < :now or ${abroadDue} < :now)::int as late,
       min(least(case when ${isWaiting} then b.due_at end, ${abroadDue})) as "nextDue"
     from privacy.breach b where ${ours(scope)}`,
    bounds(scope),
  );
  return found.rows[0];
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}
export interface BreachChange {
  breachId: string;
  kind: string;
  changes: FieldChange[];
  byName: string | null;
  at: Date;
}

export async function insertBreachChange(
  scope: Scope,
  breachId: string,
  kind: string,
  changes: readonly FieldChange[],
): Promise<void> {
  await scope.db.raw(
    `insert into privacy.breach_change (organization_id, breach_id, kind, changes, by_name, at)
     values (:organizationId, :breachId, :kind, cast(:changes as jsonb), :byName, :now)`,
    {
      ...{ breachId, kind, changes: JSON.stringify(changes), byName: nameOf(scope) },
      ...{ organizationId: scope.organization.id, now: scope.now() },
    },
  );
}

/** Of one breach, or of all: the newest first. */
export async function findBreachChanges(scope: Scope, breachId?: string): Promise<BreachChange[]> {
  const found = await scope.db.raw(
    `select b.breach_id as "breachId", b.kind, b.changes, b.by_name as "byName", b.at
     from privacy.breach_change b
     where (cast(:breachId as bigint) is null or b.breach_id = :breachId) and ${ours(scope)} order by b.id desc`,
    { breachId: breachId ?? null, ...bounds(scope) },
  );
  return found.rows;
}

/** When a clock in the organization's zone shows it, e.g. `2026-11-24T10:00`. */
export async function findInstant(scope: Scope, local: string): Promise<Date> {
  const found = await scope.db.raw('select cast(:local as timestamp) at time zone :zone as at', {
    local,
    zone: scope.organization.timeZone,
  });
  return found.rows[0].at;
}

/** The authority is to be told, and nobody has yet, nor decided that it need not be. */
const isWaiting =
  '(b.closed_at is null and b.due_at is not null and b.reported_at is null and b.unreported_at is null)';

/** Until when the first of the authorities abroad is to be told that was not yet. */
const abroadDue = `(select min(cast(a->>'dueAt' as timestamptz)) from json_array_elements(b.abroad) a
  where a->>'reportedAt' is null and b.closed_at is null and b.unreported_at is null)`;

function inColumns(values: Partial<BreachValues>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      columnOf[name as keyof BreachValues],
      name === 'abroad' ? JSON.stringify(value) : value,
    ]),
  );
}

function nameOf({ actor }: Scope): string | null {
  return actor.kind === 'staff' ? actor.name : null;
}

/** The party sees all; a chapter what is its own and what lies below it. */
function ours(scope: Scope): string {
  return scope.bound ? 'b.organization_id = any (cast(:bound as bigint[]))' : 'true';
}

function bounds(scope: Scope) {
  return {
    bound: [...(scope.bound ?? [])],
    organizationId: scope.organization.id,
    now: scope.now(),
  };
}
