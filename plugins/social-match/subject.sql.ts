// Everything that is kept on one person: read, moved, deleted.
import type { Scope } from 'rostra/plugin';

const tables = ['candidate', 'search'] as const;

/** Whole rows but for numbers that mean nothing outside. */
export async function findSearchesOf(scope: Scope, personId: string) {
  const found = await scope.db.raw(
    `select o.name as organization, s.handle, s.state, s.asked_at, s.ended_at
     from social_match.search s join core.organization o on o.id = s.organization_id
     where s.person_id = :personId order by s.asked_at`,
    { personId },
  );
  return found.rows;
}

export async function findAllCandidatesOf(scope: Scope, personId: string) {
  const found = await scope.db.raw(
    `select o.name as organization, c.source, c.handle, c.address, c.name, c.biography, c.state,
       c.found_at, c.settled_at, c.settled_by, c.decision
     from social_match.candidate c join core.organization o on o.id = c.organization_id
     where c.person_id = :personId order by c.id`,
    { personId },
  );
  return found.rows;
}

export async function deleteAllOf(scope: Scope, personId: string): Promise<void> {
  for (const table of tables) {
    await scope.db.raw(`delete from social_match.${table} where person_id = :personId`, {
      personId,
    });
  }
}

/** What the organization, and those below it, keep on the person. */
export async function deleteOursOf(scope: Scope, personId: string): Promise<void> {
  const within = scope.bound ? 'organization_id = any (cast(:bound as bigint[]))' : 'true';
  for (const table of tables) {
    await scope.db.raw(
      `delete from social_match.${table} where person_id = :personId and ${within}`,
      { personId, bound: [...(scope.bound ?? [])] },
    );
  }
}

/** Of two that cannot both stand, the survivor's stays. */
export async function moveAll(scope: Scope, from: string, into: string): Promise<void> {
  const unique = { candidate: 'and b.digest = a.digest', search: '' };
  for (const table of tables) {
    await scope.db.raw(
      `delete from social_match.${table} a where a.person_id = :from and exists (
         select from social_match.${table} b where b.person_id = :into
           and b.organization_id = a.organization_id ${unique[table]})`,
      { from, into },
    );
    await scope.db.raw(
      `update social_match.${table} set person_id = :into where person_id = :from`,
      { from, into },
    );
  }
}

export async function deleteWaitingBefore(scope: Scope, before: Date): Promise<number> {
  const deleted = await scope.db.raw(
    `delete from social_match.candidate where state = 'waiting' and found_at < :before`,
    { before },
  );
  return deleted.rowCount ?? 0;
}

/** Ids of people on whom something is kept, after one of them, in order. */
export async function findPeopleKept(scope: Scope, after: string, most: number): Promise<string[]> {
  const found = await scope.db.raw(
    `select person_id as id from social_match.search where person_id > :after
     union select person_id from social_match.candidate where person_id > :after
     order by id limit :most`,
    { after, most },
  );
  return found.rows.map((row: { id: string }) => row.id);
}
