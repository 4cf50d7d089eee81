// Pages that come out by themselves later, and when they were meant to before an election put them off.
import type { Scope } from 'rostra/plugin';

const isPlanned =
  "organization_id = :organizationId and state = 'published' and publish_at > cast(:now as timestamptz)";

export interface PlannedPage {
  id: string;
  publishAt: Date;
  /** Of a page that was put off, unless staff chose another time since. */
  wishedAt: Date | undefined;
}

export async function findPlanned(scope: Scope): Promise<PlannedPage[]> {
  const found = await scope.db.raw(
    `select id, publish_at as "publishAt",
       case when put_off_to = publish_at then wished_at end as "wishedAt"
     from website.page where ${isPlanned} order by publish_at, id`,
    given(scope),
  );
  return found.rows.map((row: PlannedPage) => ({ ...row, wishedAt: row.wishedAt ?? undefined }));
}

/** `wishedAt`: left out of a page that comes out when it was meant to. */
export async function planPage(
  scope: Scope,
  id: string,
  { at, wishedAt }: { at: Date; wishedAt?: Date },
): Promise<void> {
  await scope.db.raw(
    `update website.page set publish_at = :at, wished_at = :wishedAt, version = version + 1,
       put_off_to = case when cast(:wishedAt as timestamptz) is not null then cast(:at as timestamptz) end
     where id = :id and ${isPlanned}`,
    { id, at, wishedAt: wishedAt ?? null, ...given(scope) },
  );
}

function given(scope: Scope) {
  return { organizationId: scope.organization.id, now: scope.now() };
}
