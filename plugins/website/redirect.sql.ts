// What a page said before, and where addresses that are no more lead.
import type { Scope } from 'rostra/plugin';
import type { PageSettings } from './index.ts';

export interface Revision {
  id: string;
  title: string;
  summary: string;
  body: string;
  /** Of a page with a type. */
  settings: PageSettings | null;
  author: string | undefined;
  at: Date;
}

const columns = 'r.id, r.title, r.summary, r.body, r.settings, r.author, r.at';

/** Keeps what the page says now. */
export async function insertRevision(scope: Scope, pageId: string): Promise<void> {
  await scope.db.raw(
    `insert into website.revision (organization_id, page_id, title, summary, body, settings, author, at)
     select organization_id, id, title, summary, body, settings, author, :now from website.page
     where organization_id = :organizationId and id = :pageId`,
    { organizationId: scope.organization.id, pageId, now: scope.now() },
  );
}

/** Newest first. */
export async function findRevisions(scope: Scope, pageId: string): Promise<Revision[]> {
  const found = await scope.db.raw(
    `select ${columns} from website.revision r
     where r.organization_id = :organizationId and r.page_id = :pageId order by r.id desc limit 200`,
    { organizationId: scope.organization.id, pageId },
  );
  return found.rows;
}

export interface Redirect {
  id: string;
  from: string;
  to: string;
  createdAt: Date;
}

export async function findRedirects(scope: Scope): Promise<Redirect[]> {
  const found = await scope.db.raw(
    `select id, from_path as "from", to_path as "to", created_at as "createdAt" from website.redirect
     where organization_id = :organizationId order by from_path limit 1000`,
    { organizationId: scope.organization.id },
  );
  return found.rows;
}

export async function findRedirect(scope: Scope, from: string): Promise<string | undefined> {
  const found = await scope.db.raw(
    `select to_path as "to" from website.redirect
     where organization_id = :organizationId and from_path = :from`,
    { organizationId: scope.organization.id, from },
  );
  return found.rows[0]?.to;
}

/** What led to `from` leads to `to` from now on, so that no visitor is sent twice. */
export async function insertRedirect(scope: Scope, from: string, to: string): Promise<void> {
  const bindings = { organizationId: scope.organization.id, from, to, now: scope.now() };
  await scope.db.raw(
    `update website.redirect set to_path = :to
     where organization_id = :organizationId and to_path = :from`,
    bindings,
  );
  await scope.db.raw(
    `insert into website.redirect (organization_id, from_path, to_path, created_at)
     values (:organizationId, :from, :to, :now)
     on conflict (organization_id, from_path) do update set to_path = excluded.to_path`,
    bindings,
  );
}

/** A page stands there again. */
export async function deleteRedirectFrom(scope: Scope, from: string): Promise<void> {
  await scope.db.raw(
    'delete from website.redirect where organization_id = :organizationId and from_path = :from',
    { organizationId: scope.organization.id, from },
  );
}

export async function deleteRedirect(scope: Scope, id: string): Promise<void> {
  await scope.db.raw(
    'delete from website.redirect where organization_id = :organizationId and id = :id',
    { organizationId: scope.organization.id, id },
  );
}
