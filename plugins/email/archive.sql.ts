// Which newsletters are read on the site, and the letters that were sent.
import type { Scope } from 'rostra/plugin';

export interface Letter {
  sendId: string;
  newsletterId: string;
  key: string;
  sentAt: Date;
}

const ours = (scope: Scope) => ({ organizationId: scope.organization.id, now: scope.now() });
const columns = `l.send_id as "sendId", l.newsletter_id as "newsletterId", l.key, l.sent_at as "sentAt"`;

/** Ids of the organization's own newsletters. */
export async function findArchives(scope: Scope): Promise<string[]> {
  const found = await scope.db.raw(
    'select newsletter_id from email.archive where organization_id = :organizationId',
    ours(scope),
  );
  return found.rows.map((row: { newsletter_id: string }) => row.newsletter_id);
}

/** Answers whether it was closed before. */
export async function openArchive(scope: Scope, newsletterId: string): Promise<boolean> {
  const found = await scope.db.raw(
    `insert into email.archive (newsletter_id, organization_id, since)
     values (:newsletterId, :organizationId, :now) on conflict do nothing`,
    { ...ours(scope), newsletterId },
  );
  return found.rowCount === 1;
}

/** Answers whether it was open. */
export async function closeArchive(scope: Scope, newsletterId: string): Promise<boolean> {
  const found = await scope.db.raw(
    `delete from email.archive where newsletter_id = :newsletterId and organization_id = :organizationId`,
    { ...ours(scope), newsletterId },
  );
  return found.rowCount === 1;
}

/** The first time counts. Answers whether it was that. */
export async function insertLetter(
  scope: Scope,
  letter: { sendId: string; newsletterId: string },
): Promise<boolean> {
  const found = await scope.db.raw(
    `insert into email.letter (send_id, organization_id, newsletter_id, sent_at)
     values (:sendId, :organizationId, :newsletterId, :now) on conflict do nothing`,
    { ...ours(scope), ...letter },
  );
  return found.rowCount === 1;
}

/** Newest first, behind the one whose key is `before`. */
export async function findLetters(
  scope: Scope,
  newsletterId: string,
  { before, most }: { before?: string; most: number },
): Promise<Letter[]> {
  const found = await scope.db.raw(
    `select ${columns} from email.letter l
     where l.organization_id = :organizationId and l.newsletter_id = :newsletterId
       and (cast(:before as text) is null or (l.sent_at, l.send_id) <
         (select b.sent_at, b.send_id from email.letter b
          where b.key = :before and b.organization_id = :organizationId))
     order by l.sent_at desc, l.send_id desc limit :most`,
    { ...ours(scope), newsletterId, before: before ?? null, most },
  );
  return found.rows;
}

export async function findLetter(scope: Scope, key: string): Promise<Letter | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from email.letter l where l.key = :key and l.organization_id = :organizationId`,
    { ...ours(scope), key },
  );
  return found.rows[0];
}

export async function findLetterOf(scope: Scope, sendId: string): Promise<Letter | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from email.letter l where l.send_id = :sendId and l.organization_id = :organizationId`,
    { ...ours(scope), sendId },
  );
  return found.rows[0];
}

/** Of invented chapters. */
export async function deleteInvented(scope: Scope, chapters: readonly string[]): Promise<void> {
  const values = { chapters: [...chapters] };
  for (const table of ['letter', 'archive', 'picture', 'sender']) {
    await scope.db.raw(
      `delete from email.${table} where organization_id = any (cast(:chapters as bigint[]))`,
      values,
    );
  }
}
