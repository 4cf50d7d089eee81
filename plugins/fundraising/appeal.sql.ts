// What a donation page shows of what came in by it.
import type { Scope } from 'rostra/plugin';

/** Kept so far, and by how many gifts; a page is one organization's, and says no more than that of anyone. */
export async function sumForPage(
  scope: Scope,
  pageId: string,
): Promise<{ minor: number; gifts: number }> {
  const found = await scope.db.raw(
    `select coalesce(sum(d.amount_minor - d.refunded_minor), 0) as minor, count(*) as gifts
     from fundraising.donation d join fundraising.recipient r on r.id = d.recipient_id
     where d.page_id = :pageId and d.state = 'accepted' and r.organization_id = :organizationId`,
    { pageId, organizationId: scope.organization.id },
  );
  const [row] = found.rows;
  return { minor: Number(row.minor), gifts: Number(row.gifts) };
}

/** The gift of who has its key, which is told to nobody but the donor's own browser. */
export async function findGiftOfKey(
  scope: Scope,
  key: string,
): Promise<{ id: string; pageId: string | undefined; state: string } | undefined> {
  const found = await scope.db.raw(
    `select d.id, d.page_id as "pageId", d.state from fundraising.donation d
       join fundraising.recipient r on r.id = d.recipient_id
     where d.key = :key and d.source = 'page' and r.organization_id = :organizationId`,
    { key, organizationId: scope.organization.id },
  );
  const [row] = found.rows;
  return row && { ...row, pageId: row.pageId ?? undefined };
}
