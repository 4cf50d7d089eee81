// Which sign-up page stands where the organization's links lead.
import type { Scope } from 'rostra/plugin';

export interface DeskRow {
  organizationId: string;
  pageId: string;
  path: string;
}

/** A chapter without an address of its own is found at the party's: there its people confirm. */
export async function findDesk(scope: Scope): Promise<DeskRow | undefined> {
  const found = await scope.db.raw(
    `select p.organization_id as "organizationId", p.id as "pageId", p.path from website.page p
     where p.organization_id = (
         select o.id from core.organization o where o.path @> cast(:path as ltree)
           and (o.parent_id is null
             or o.id = :organizationId and exists (select from core.host h where h.organization_id = o.id))
         order by nlevel(o.path) desc limit 1)
       and p.kind = 'sign_up' and p.state = 'published' and p.publish_at <= :now
     order by p.position, p.id limit 1`,
    {
      organizationId: scope.organization.id,
      path: scope.organization.path,
      now: scope.now(),
    },
  );
  return found.rows[0];
}
