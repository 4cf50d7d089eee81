// Pages that come out by themselves later: of the organization, of those below and of those above.
import type { Scope } from 'rostra/plugin';

const isPlanned = (scope: Scope): string =>
  `state = 'published' and publish_at > :now${
    scope.bound
      ? ' and organization_id = any (cast(:bound as bigint[]) || cast(:above as bigint[]))'
      : ''
  }`;

export async function findPlanned(scope: Scope): Promise<{ id: string; publishAt: Date }[]> {
  const found = await scope.db.raw(
    `select id, publish_at as "publishAt" from website.page where ${isPlanned(scope)} order by publish_at, id`,
    bounds(scope),
  );
  return found.rows;
}

export async function postponePage(scope: Scope, id: string, publishAt: Date): Promise<void> {
  await scope.db.raw(
    `update website.page set publish_at = :publishAt, version = version + 1 where id = :id and ${isPlanned(scope)}`,
    { id, publishAt, ...bounds(scope) },
  );
}

function bounds(scope: Scope) {
  return {
    now: scope.now(),
    bound: [...(scope.bound ?? [])],
    above: scope.organization.path.split('.'),
  };
}
