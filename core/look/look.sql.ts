// Rows of looks: one draft an organization, and what it published, the newest of which is worn.
import type { Db, Row } from '../database/connect.ts';
import type { Scope } from '../scope.ts';
import type { Choices } from './choices.ts';

export interface LookRow {
  id: string;
  organizationId: string;
  state: 'draft' | 'published';
  choices: Choices;
  revision: number;
  author: string | undefined;
  at: Date;
  /** When the one that it brought back was published. */
  restoredAt: Date | undefined;
}

/** Whose act it is: the account is compared, the name is shown. */
export interface LookAuthor {
  accountId?: string;
  name?: string;
}

const columns = `id, organization_id as "organizationId", state, choices, revision, author, at,
  (select before.at from core.look before where before.id = look.restored_from) as "restoredAt"`;

/** Of every organization what it wears, and its draft. */
export async function findLooks(db: Db): Promise<LookRow[]> {
  const { rows } = await db.raw(
    `select distinct on (organization_id, state) ${columns} from core.look
     order by organization_id, state, id desc`,
  );
  return rows.map(asRow);
}

export async function findDraft(scope: Scope): Promise<LookRow | undefined> {
  return (await find(scope, `state = 'draft'`))[0];
}

/** Newest first. */
export function findPublished(scope: Scope): Promise<LookRow[]> {
  return find(scope, `state = 'published'`);
}

async function find(scope: Scope, where: string): Promise<LookRow[]> {
  const { rows } = await scope.db.raw(
    `select ${columns} from core.look where organization_id = :organizationId and ${where} order by id desc`,
    { organizationId: scope.organization.id },
  );
  return rows.map(asRow);
}

/** Answers whether nobody else saved since `revision` (0: there was no draft). One's own saves may overlap. */
export async function writeDraft(
  scope: Scope,
  choices: Choices,
  author: LookAuthor,
  revision: number,
): Promise<boolean> {
  const { rows } = await scope.db.raw(
    `insert into core.look as look (organization_id, state, choices, account_id, author, at)
     values (:organizationId, 'draft', :choices::jsonb, :accountId, :author, :now)
     on conflict (organization_id) where state = 'draft' do update
       set choices = excluded.choices, account_id = excluded.account_id, author = excluded.author,
           at = excluded.at, revision = look.revision + 1
       where look.revision = :revision or look.account_id = :accountId
     returning id`,
    { ...bindings(scope, choices, author), revision },
  );
  return rows.length > 0;
}

export async function deleteDraft(scope: Scope): Promise<void> {
  await scope.db.raw(
    `delete from core.look where organization_id = :organizationId and state = 'draft'`,
    { organizationId: scope.organization.id },
  );
}

/** Answers its id. */
export async function insertPublished(
  scope: Scope,
  choices: Choices,
  author: LookAuthor,
  restoredFrom?: string,
): Promise<string> {
  const { rows } = await scope.db.raw(
    `insert into core.look (organization_id, state, choices, account_id, author, restored_from, at)
     values (:organizationId, 'published', :choices::jsonb, :accountId, :author, :restoredFrom, :now)
     returning id`,
    { ...bindings(scope, choices, author), restoredFrom: restoredFrom ?? null },
  );
  return rows[0].id;
}

/** The oldest go once there are more. */
export async function trimPublished(scope: Scope, most: number): Promise<void> {
  await scope.db.raw(
    `delete from core.look where organization_id = :organizationId and state = 'published' and id not in (
       select id from core.look where organization_id = :organizationId and state = 'published'
       order by id desc limit :most)`,
    { organizationId: scope.organization.id, most },
  );
}

function bindings(scope: Scope, choices: Choices, { accountId, name }: LookAuthor) {
  return {
    organizationId: scope.organization.id,
    choices: JSON.stringify(choices),
    accountId: accountId ?? null,
    author: name ?? null,
    now: scope.now(),
  };
}

function asRow(row: Row): LookRow {
  const { author, restoredAt } = row;
  return { ...row, author: author ?? undefined, restoredAt: restoredAt ?? undefined } as LookRow;
}
