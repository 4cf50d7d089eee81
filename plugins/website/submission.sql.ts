// What visitors left in a form: written as a claim, found again by its link, emptied when confirmed.
import type { Scope } from 'rostra/plugin';

/** A sentence that was shown with an empty box, and ticked. */
export interface ConsentAsked {
  channel: string;
  purpose: string;
  wording: string;
  /** Where it was not the form that asked: who did, where and when. */
  evidence?: Record<string, string>;
  /** To whom it was said, where that was not the site's own organization. */
  organizationId?: string;
}
export interface Claim {
  pageId: string;
  email: string;
  givenName?: string;
  familyName?: string;
  phone?: string;
  postcode?: string;
  consents: ConsentAsked[];
  newsletters: string[];
  /** By which link the form was opened. */
  tracking?: string;
  /** Whose site confirms it; the scope's if left out. */
  organizationId?: string;
  /** Somebody of the file who is asked by us, having left nothing in a form. */
  again?: string;
}
export interface Submission extends Omit<Claim, 'email' | 'pageId' | 'again'> {
  id: string;
  pageId: string | undefined;
  /** Gone once it is confirmed. */
  email: string | undefined;
  locale: string;
  createdAt: Date;
  expiresAt: Date;
  confirmedAt: Date | undefined;
}

const columns = `s.id, s.page_id as "pageId", s.email, s.given_name as "givenName",
  s.family_name as "familyName", s.phone, s.postcode, s.locale, s.consents, s.newsletters, s.tracking,
  s.created_at as "createdAt", s.expires_at as "expiresAt", s.confirmed_at as "confirmedAt"`;

export async function insertSubmission(
  scope: Scope,
  claim: Claim,
  tokenDigest: Buffer,
  expiresAt: Date,
): Promise<string> {
  const found = await scope.db.raw(
    `insert into website.submission (organization_id, page_id, email, given_name, family_name, phone,
       postcode, locale, consents, newsletters, tracking, token_digest, created_at, expires_at)
     values (:organizationId, :pageId, :email, :givenName, :familyName, :phone, :postcode, :locale,
       cast(:consents as jsonb), cast(:newsletters as jsonb), :tracking, :tokenDigest, :now, :expiresAt)
     returning id`,
    {
      organizationId: claim.organizationId ?? scope.organization.id,
      pageId: claim.pageId,
      email: claim.email,
      givenName: claim.givenName ?? null,
      familyName: claim.familyName ?? null,
      phone: claim.phone ?? null,
      postcode: claim.postcode ?? null,
      locale: scope.locale,
      consents: JSON.stringify(claim.consents),
      newsletters: JSON.stringify(claim.newsletters),
      tracking: claim.tracking ?? null,
      ...{ tokenDigest, expiresAt, now: scope.now() },
    },
  );
  return found.rows[0].id;
}

/** `lock`: nobody else confirms it meanwhile. */
export async function findSubmission(
  scope: Scope,
  tokenDigest: Buffer,
  lock = false,
): Promise<Submission | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from website.submission s
     where s.organization_id = :organizationId and s.token_digest = :tokenDigest
     ${lock ? 'for update' : ''}`,
    { organizationId: scope.organization.id, tokenDigest },
  );
  const row = found.rows[0];
  if (!row) return undefined;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value ?? undefined]),
  ) as unknown as Submission;
}

/** What it said of the person is with the person now; here only the trace stays. */
export async function settleSubmission(scope: Scope, id: string, personId: string): Promise<void> {
  await scope.db.raw(
    `update website.submission set confirmed_at = :now, person_id = :personId, email = null,
       given_name = null, family_name = null, phone = null, postcode = null
     where organization_id = :organizationId and id = :id`,
    { organizationId: scope.organization.id, id, personId, now: scope.now() },
  );
}

export async function countSubmissions(
  scope: Scope,
  since: Date,
): Promise<{ waiting: number; confirmed: number }> {
  const found = await scope.db.raw(
    `select count(*) filter (where confirmed_at is null and expires_at > :now) as waiting,
       count(*) filter (where confirmed_at >= :since) as confirmed
     from website.submission where organization_id = :organizationId`,
    { organizationId: scope.organization.id, now: scope.now(), since },
  );
  const { waiting, confirmed } = found.rows[0];
  return { waiting: Number(waiting), confirmed: Number(confirmed) };
}

/** Of the whole party: a person's rights do not end at a chapter. */
export async function findSubmissionsOf(
  scope: Scope,
  personId: string,
  emails: readonly string[],
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select ${columns} from website.submission s
     where s.person_id = :personId or s.email = any (cast(:emails as text[])) order by s.id`,
    { personId, emails: [...emails] },
  );
  return found.rows;
}

export async function deleteSubmissionsOf(
  scope: Scope,
  personId: string,
  emails: readonly string[],
): Promise<void> {
  await scope.db.raw(
    `delete from website.submission
     where person_id = :personId or email = any (cast(:emails as text[]))`,
    { personId, emails: [...emails] },
  );
}

export async function moveSubmissions(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw('update website.submission set person_id = :into where person_id = :from', {
    from,
    into,
  });
}

/** Claims that nobody confirmed, and traces that have served. */
export async function deleteOldSubmissions(
  scope: Scope,
  claimedBefore: Date,
  confirmedBefore: Date,
): Promise<number> {
  const found = await scope.db.raw(
    `delete from website.submission
     where (confirmed_at is null and created_at < :claimedBefore) or confirmed_at < :confirmedBefore`,
    { claimedBefore, confirmedBefore },
  );
  return found.rowCount;
}
