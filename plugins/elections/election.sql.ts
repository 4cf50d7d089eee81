// Elections and their rounds. An organization reads its own, those above it and those below; it changes its own and those below.
import type { Row, Scope } from 'rostra/plugin';
import type { Election, Round } from './index.ts';

export type ElectionValues = Omit<Election, 'id' | 'organizationId' | 'rounds'>;

const columns = `e.id, e.organization_id as "organizationId", e.name, e.kind, e.constituency, e.country, e.place,
  e.time_zone as "timeZone",
  (select jsonb_agg(jsonb_build_object('day', r.day, 'closes', r.closes, 'place', r.place,
     'timeZone', coalesce(r.time_zone, '')) order by r.day, r.place, r.id)
   from elections.round r where r.election_id = e.id) as rounds`;

/** Whose last round is not before `since` (all, if left out), the nearest first. */
export async function findElections(scope: Scope, since?: string): Promise<Election[]> {
  const found = await scope.db.raw(
    `select ${columns} from elections.election e
     join (select election_id, max(day) as last from elections.round group by election_id) ends
       on ends.election_id = e.id
     where ${concerns(scope)} and (cast(:since as date) is null or ends.last >= :since)
     order by ends.last desc, e.id`,
    { since: since ?? null, ...bounds(scope) },
  );
  return found.rows;
}

export async function findElection(scope: Scope, id: string): Promise<Election | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from elections.election e where e.id = :id and ${concerns(scope)}`,
    { id, ...bounds(scope) },
  );
  return found.rows[0];
}

/** Ids of the organizations that it concerns: the one that entered it, those below it and those above. */
export async function findConcerned(scope: Scope, id: string): Promise<string[]> {
  const found = await scope.db.raw(
    `select o.id from elections.election e
     join core.organization own on own.id = e.organization_id
     join core.organization o on o.path <@ own.path or own.path <@ o.path
     where e.id = :id and ${concerns(scope)} order by o.id`,
    { id, ...bounds(scope) },
  );
  return found.rows.map((row: Row) => row['id']);
}

export async function insertElection(scope: Scope, values: ElectionValues): Promise<string> {
  const made = await scope.db.raw(
    `insert into elections.election
       (organization_id, name, kind, constituency, country, place, time_zone, created_at)
     values (:organizationId, :name, :kind, :constituency, :country, :place, :timeZone, :now)
     returning id`,
    { ...values, organizationId: scope.organization.id, now: scope.now() },
  );
  return made.rows[0].id;
}

/** Answers whether it was one that the organization may change. */
export async function updateElection(
  scope: Scope,
  id: string,
  values: ElectionValues,
): Promise<boolean> {
  const changed = await scope.db.raw(
    `update elections.election e set name = :name, kind = :kind, constituency = :constituency,
       country = :country, place = :place, time_zone = :timeZone
     where e.id = :id and ${isOurs(scope)}`,
    { ...values, id, ...bounds(scope) },
  );
  return changed.rowCount > 0;
}

/** In place of those that are there. */
export async function replaceRounds(
  scope: Scope,
  electionId: string,
  rounds: readonly Round[],
): Promise<void> {
  const whose = `election_id in (select e.id from elections.election e where e.id = :electionId and ${isOurs(scope)})`;
  await scope.db.raw(`delete from elections.round where ${whose}`, {
    electionId,
    ...bounds(scope),
  });
  await scope.db.raw(
    `insert into elections.round (election_id, day, closes, place, time_zone)
     select e.id, r.day, r.closes, r.place, nullif(r."timeZone", '')
     from elections.election e,
       jsonb_to_recordset(:rounds::jsonb) as r (day date, closes text, place text, "timeZone" text)
     where e.id = :electionId and ${isOurs(scope)}`,
    { electionId, rounds: JSON.stringify(rounds), ...bounds(scope) },
  );
}

export async function deleteElection(scope: Scope, id: string): Promise<boolean> {
  const deleted = await scope.db.raw(
    `delete from elections.election e where e.id = :id and ${isOurs(scope)}`,
    { id, ...bounds(scope) },
  );
  return deleted.rowCount > 0;
}

const isOurs = (scope: Scope): string =>
  scope.bound ? 'e.organization_id = any (cast(:bound as bigint[]))' : 'true';

const concerns = (scope: Scope): string =>
  scope.bound
    ? 'e.organization_id = any (cast(:bound as bigint[]) || cast(:above as bigint[]))'
    : 'true';

function bounds(scope: Scope) {
  return { bound: [...(scope.bound ?? [])], above: scope.organization.path.split('.') };
}
