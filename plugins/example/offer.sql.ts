// The queries: each bounded by the scope's organization, each named by the question that it answers.
import type { Scope } from 'rostra/plugin';

export const table = 'example.offer';

export interface OfferRow {
  id: string;
  personId: string;
  text: string;
  madeAt: Date;
  closedAt: Date | null;
}

const columns = `id, person_id as "personId", text, made_at as "madeAt", closed_at as "closedAt"`;

/** Answers the id; `undefined` when the reference is known already. */
export async function insertOffer(
  scope: Scope,
  offer: { personId: string; reference: string; text: string },
): Promise<string | undefined> {
  const made = await scope.db.raw(
    `insert into example.offer (organization_id, person_id, reference, text, made_at)
     values (:organizationId, :personId, :reference, :text, :now)
     on conflict (organization_id, reference) do nothing
     returning id`,
    { ...offer, organizationId: scope.organization.id, now: scope.now() },
  );
  return made.rows[0]?.id;
}

export async function findOpenOffers(scope: Scope, most: number): Promise<OfferRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from example.offer
     where closed_at is null and ${ours(scope)} order by id desc limit :most`,
    { most, ...bounds(scope) },
  );
  return found.rows;
}

export async function countOpenOffers(scope: Scope): Promise<number> {
  const found = await scope.db.raw(
    `select count(*) as count from example.offer where closed_at is null and ${ours(scope)}`,
    bounds(scope),
  );
  return Number(found.rows[0].count);
}

export async function findOffersOf(scope: Scope, personId: string): Promise<OfferRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from example.offer
     where person_id = :personId and ${ours(scope)} order by id desc`,
    { personId, ...bounds(scope) },
  );
  return found.rows;
}

/** Whose offer it is, the first time that it is asked; then `undefined`. */
export async function markTold(scope: Scope, id: string): Promise<string | undefined> {
  const marked = await scope.db.raw(
    `update example.offer set told_at = :now
     where id = :id and told_at is null and ${ours(scope)} returning person_id as "personId"`,
    { id, now: scope.now(), ...bounds(scope) },
  );
  return marked.rows[0]?.personId;
}

export async function closeOffersBefore(scope: Scope, before: Date): Promise<void> {
  await scope.db.raw(
    `update example.offer set closed_at = :now
     where closed_at is null and made_at < :before and organization_id = :organizationId`,
    { before, now: scope.now(), organizationId: scope.organization.id },
  );
}

/** Everything on one person, whatever the organization: for the person's own rights. */
export async function readSubject(scope: Scope, personId: string) {
  const found = await scope.db.raw(
    'select text, made_at, closed_at from example.offer where person_id = :personId order by id',
    { personId },
  );
  return found.rows;
}

export async function deleteSubject(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw('delete from example.offer where person_id = :personId', { personId });
}

export async function moveSubject(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw('update example.offer set person_id = :into where person_id = :from', {
    from,
    into,
  });
}

export async function deleteMadeBefore(scope: Scope, before: Date): Promise<number> {
  const deleted = await scope.db.raw('delete from example.offer where made_at < :before', {
    before,
  });
  return deleted.rowCount ?? 0;
}

/** The party sees all; a chapter what is its own and what lies below it. */
function ours(scope: Scope): string {
  return scope.bound ? 'organization_id = any (cast(:bound as bigint[]))' : 'true';
}

function bounds(scope: Scope) {
  return { bound: [...(scope.bound ?? [])] };
}
