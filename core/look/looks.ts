// The looks of the party and its chapters: worn from memory; drafted, published and brought back in the database.
import { oneAtATime } from '../bounded.ts';
import type { Core } from '../core.ts';
import { notFound, refused } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Scope } from '../scope.ts';
import type { Audit, Store } from '../services.ts';
import type { Look } from '../theme/look.ts';
import { type Choices, lookOf, uploadsIn } from './choices.ts';
import {
  deleteDraft,
  findDraft,
  findLooks,
  findPublished,
  insertPublished,
  type LookAuthor,
  type LookRow,
  trimPublished,
  writeDraft,
} from './look.sql.ts';

export interface LookDeps extends Pick<Core, 'database' | 'organizations' | 'versions'> {
  /** The theme that an organization has chosen. */
  themeOf(organization: Organization): string;
}
/** What the verbs need beside: made after the looks, which the themes ask for. */
export interface LookVerbDeps extends LookDeps {
  /** The core's. */
  audit: Audit;
  /** The look's. */
  store: Store;
  looks: Looks;
}

export interface Looks {
  /** As visitors see it; from memory, since each page asks. */
  of(organization: Organization): Look;
  /** What is chosen above it. */
  above(organization: Organization): Choices;
  /** The organization's own choices as worn. */
  own(organization: Organization): Choices;
  /** With other choices in place of its own. */
  with(organization: Organization, own: Choices): Look;
  /** Everybody's, for the stylesheets of previews. */
  drafts(): Look[];
  /** At start and whenever the version `look` moves. */
  reload(): Promise<void>;
}

/** Version that moves with each draft and publication. */
export const lookVersion = 'look';
const mostKept = 30;

export function makeLooks(deps: LookDeps): Looks {
  let drafts: LookRow[] = [];
  let published = new Map<string, Choices>();
  const merged = (ids: string[]): Choices =>
    Object.assign({}, ...ids.map((id) => published.get(id)));
  const looks: Looks = {
    of: (one) => lookOf(deps.themeOf(one), merged(one.path.split('.'))),
    above: (one) => merged(one.path.split('.').slice(0, -1)),
    own: (one) => published.get(one.id) ?? {},
    with: (one, own) => lookOf(deps.themeOf(one), { ...looks.above(one), ...own }),
    drafts: () =>
      drafts.flatMap(({ organizationId, choices }) => {
        const one = deps.organizations.find(organizationId);
        return one ? [looks.with(one, choices)] : [];
      }),
    reload: oneAtATime(async () => {
      const rows = await findLooks(deps.database.db);
      const worn = rows.filter(({ state }) => state === 'published');
      drafts = rows.filter(({ state }) => state === 'draft');
      published = new Map(worn.map((row) => [row.organizationId, row.choices]));
    }),
  };
  return looks;
}

/** Its draft where there is one, else what it wears; `revision` 0 where there is none. */
export async function draftOf({ looks }: LookVerbDeps, scope: Scope) {
  const row = await findDraft(scope);
  const choices = row?.choices ?? looks.own(scope.organization);
  return { choices, revision: row?.revision ?? 0, author: row?.author, at: row?.at };
}

/** `make` may put files into the store, within the transaction. Refused when somebody saved since `revision`. */
export async function saveDraft(
  deps: LookVerbDeps,
  scope: Scope,
  revision: number,
  make: (own: Scope) => Promise<Choices>,
): Promise<Choices> {
  const saved = await scope.write(async (own) => {
    const choices = await make(own);
    if (!(await writeDraft(own, choices, authorOf(own), revision))) {
      throw refused('look.edited-meanwhile', {});
    }
    await deps.versions.bump(own.db, lookVersion);
    return choices;
  });
  await deps.looks.reload();
  return saved;
}

export async function discardDraft(deps: LookVerbDeps, scope: Scope): Promise<void> {
  await scope.write(async (own) => {
    await deleteDraft(own);
    await removeUnworn(deps, own);
    await deps.versions.bump(own.db, lookVersion);
  });
  await deps.looks.reload();
}

export async function publishLook(
  deps: LookVerbDeps,
  scope: Scope,
  choices: Choices,
): Promise<void> {
  await scope.write(async (own) => {
    await deleteDraft(own);
    await wear(deps, own, choices, 'published');
  });
  await deps.looks.reload();
}

/** One of those before is worn again; a draft stays as it is. */
export async function bringBack(deps: LookVerbDeps, scope: Scope, id: string): Promise<void> {
  await scope.write(async (own) => {
    const row = (await findPublished(own)).find((one) => one.id === id);
    if (!row) throw notFound('look', id);
    await wear(deps, own, row.choices, 'restored', id);
  });
  await deps.looks.reload();
}

async function wear(
  deps: LookVerbDeps,
  scope: Scope,
  choices: Choices,
  verb: string,
  restoredFrom?: string,
): Promise<void> {
  const id = await insertPublished(scope, choices, authorOf(scope), restoredFrom);
  await trimPublished(scope, mostKept);
  await removeUnworn(deps, scope);
  const details = { choices: Object.keys(choices), ...(restoredFrom && { restoredFrom }) };
  await deps.audit.record(scope, { act: `look.${verb}`, subject: { type: 'look', id }, details });
  await deps.versions.bump(scope.db, lookVersion);
  for (const each of deps.organizations.below(scope.organization.id)) {
    await deps.versions.bump(scope.db, `site:${each}`);
  }
}

/** Files that no look of the organization wears any more, kept ones included. */
async function removeUnworn({ store }: LookVerbDeps, scope: Scope): Promise<void> {
  const draft = await findDraft(scope);
  const kept = [...(draft ? [draft] : []), ...(await findPublished(scope))];
  const worn = new Set(kept.flatMap(({ choices }) => uploadsIn(choices)));
  for (const { id } of await store.list(scope, { most: 1000 })) {
    if (!worn.has(id)) await store.remove(scope, id);
  }
}

function authorOf({ actor }: Scope): LookAuthor {
  return actor.kind === 'staff' ? { accountId: actor.accountId, name: actor.name } : {};
}
