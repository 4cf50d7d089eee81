// Rules by which an answer puts a tag on its writer.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface TagRule {
  id: string;
  /** Of the answers to it alone. */
  sendId: string | null;
  words: string[];
  tag: string;
  put: number;
  keptOff: number;
}

const columns = `s.id, s.send_id as "sendId", s.words, s.tag, s.put, s.kept_off as "keptOff"`;

/** Of the organization alone. */
export async function findTagRules(scope: Scope): Promise<TagRule[]> {
  const found = await scope.db.raw(
    `select ${columns} from outreach.tag_rule s where s.organization_id = :organizationId order by s.id`,
    { organizationId: scope.organization.id },
  );
  return found.rows;
}

export async function insertTagRule(
  scope: Scope,
  { sendId, words, tag }: Pick<TagRule, 'sendId' | 'words' | 'tag'>,
): Promise<string> {
  const made = await scope.db.raw(
    `insert into outreach.tag_rule (organization_id, send_id, words, tag, created_at)
     values (:organizationId, :sendId, cast(:words as text[]), :tag, :now) returning id`,
    { organizationId: scope.organization.id, sendId, words: [...words], tag, now: scope.now() },
  );
  return made.rows[0].id;
}

/** Answers whether there was one. */
export async function deleteTagRule(scope: Scope, id: string): Promise<boolean> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return false;
  const done = await scope.db.raw(
    `delete from outreach.tag_rule s where s.id = :id and ${within(scope)}`,
    { ...boundOf(scope), id },
  );
  return done.rowCount > 0;
}

export async function countTagRule(
  scope: Scope,
  id: string,
  what: 'put' | 'kept_off',
): Promise<void> {
  await scope.db.raw(
    `update outreach.tag_rule s set ${what} = ${what} + 1 where s.id = :id and ${within(scope)}`,
    { ...boundOf(scope), id },
  );
}
