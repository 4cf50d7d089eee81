// Pages that have a type, found and published by the plugins that fill them.
import type { Scope } from 'rostra/plugin';
import { cleanBody } from './body.ts';
import { deletePagesOf } from './demo/demo.sql.ts';
import type { NewSitePage, SitePages } from './index.ts';
import { insertPage } from './page.sql.ts';
import { insertRevision } from './redirect.sql.ts';
import { pathOf } from './slug.ts';
import { findTypedPage, findTypedPages } from './typed.sql.ts';

/** Behind those that an editor put in order. */
const last = 90;

export const sitePages: SitePages = {
  find: findTypedPage,
  ofType: findTypedPages,
  publish: (scope, page) => scope.write((own) => publish(own, page)),
  withdraw: (scope, ids) => deletePagesOf(scope, [], ids),
};

async function publish(scope: Scope, page: NewSitePage): Promise<string | undefined> {
  const id = await insertPage(scope, {
    ...{ ...page, kind: 'typed', parentId: undefined, path: pathOf(undefined, page.slug) },
    ...{ body: cleanBody(page.body), state: 'published', publishAt: scope.now(), position: last },
  });
  if (id) await insertRevision(scope, id);
  return id;
}
