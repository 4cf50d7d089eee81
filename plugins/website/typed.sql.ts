// Pages that have a type, for the plugins that fill them.
import type { Scope } from 'rostra/plugin';
import type { SitePage } from './index.ts';

const most = 1000;
const columns = `p.id, p.organization_id as "organizationId", p.type, p.path, p.title, p.settings,
  p.state = 'published' and p.publish_at <= :now as "isPublic"`;

export async function findTypedPage(scope: Scope, id: string): Promise<SitePage | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from website.page p
     where p.id = :id and p.type is not null and ${isNear(scope)}`,
    { id, ...bounds(scope) },
  );
  return found.rows[0];
}

export async function findTypedPages(scope: Scope, type: string): Promise<SitePage[]> {
  const found = await scope.db.raw(
    `select ${columns} from website.page p
     where p.type = :type and ${isNear(scope)} order by p.title, p.id limit :most`,
    { type, most, ...bounds(scope) },
  );
  return found.rows;
}

/** A visitor is on one site; staff and jobs of the party see all, those of a chapter its own and what lies below. */
function isNear(scope: Scope): string {
  if (scope.actor.kind === 'visitor') return 'p.organization_id = :organizationId';
  return scope.bound ? 'p.organization_id = any (cast(:bound as bigint[]))' : 'true';
}

function bounds(scope: Scope) {
  return {
    now: scope.now(),
    organizationId: scope.organization.id,
    bound: [...(scope.bound ?? [])],
  };
}
