// What stands around every public page: menu, the one call to act, the links of the footer.
import type { Scope, SiteFrame } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findFrame, type Kind, type PageHead } from './page.sql.ts';
import { withoutHidden } from './page-type.ts';

export async function frameOf(scope: Scope, deps: Deps, path: string): Promise<SiteFrame> {
  const pages = await withoutHidden(scope, deps, await findFrame(scope));
  const only = (kind: Kind): PageHead | undefined => pages.find((page) => page.kind === kind);
  const form = only('sign_up');
  // The front page and the form have their own: one call to act in sight at most.
  const act = path === '/' || path === form?.path ? undefined : form;
  const isHere = (page: PageHead) => path === page.path || path.startsWith(`${page.path}/`);
  const shown = pages.filter((page) => page.inMenu && page !== form);
  const below = (page: PageHead) => shown.filter((one) => one.path.startsWith(`${page.path}/`));
  const itemOf = (page: PageHead) => ({
    label: page.title,
    href: page.path,
    current: isHere(page),
  });
  return {
    menu: shown
      .filter((page) => !shown.some((one) => page.path.startsWith(`${one.path}/`)))
      .map((page) => ({ ...itemOf(page), children: below(page).map(itemOf) })),
    ...(act && { act: { label: act.title, href: act.path } }),
    ...(only('news') && { feed: '/feed.xml' }),
    imprint: only('imprint')?.path,
    privacy: only('privacy')?.path,
  };
}
