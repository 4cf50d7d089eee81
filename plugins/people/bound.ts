// Fragments of SQL that hold every query within what the scope's organization may see.
import type { Scope } from 'rostra/plugin';

/** True for people whom the organization, or one below it, is affiliated with; the party sees all. */
export function seen(scope: Scope, person: string): string {
  if (!scope.bound) return 'true';
  return `exists (select from people.affiliation seen where seen.person_id = ${person}
    and seen.organization_id = any (cast(:bound as bigint[])))`;
}

/** True for what was said to the organization, to one below it or to one above it; never to a sister. */
export function ofOurs(scope: Scope, organization: string): string {
  if (!scope.bound) return 'true';
  return `${organization} = any (cast(:ours as bigint[]))`;
}

/** True for what is the organization's own or of one below it; the party's is everything. */
export function ofOwn(scope: Scope, organization: string): string {
  if (!scope.bound) return 'true';
  return `${organization} = any (cast(:bound as bigint[]))`;
}

/** The bindings that the fragments use. */
export function bounds(scope: Scope) {
  return {
    bound: [...(scope.bound ?? [])],
    ours: [...above(scope), ...(scope.bound ?? [])],
    above: above(scope),
    organizationId: scope.organization.id,
    now: scope.now(),
  };
}

/** The organization itself and those it stands below. */
export function above(scope: Scope): string[] {
  return scope.organization.path.split('.');
}

/** Ids come in from addresses, so anything may stand there. */
export function isId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id);
}
