// The party's site: pages and news, a form to sign up, what the law wants said. A table of contents.

import type {} from 'rostra/elections';
import type { SendOutcome } from 'rostra/outreach';
import { SignUpDesk } from 'rostra/people';
import { extensionPoint, type Plugin } from 'rostra/plugin';
import { ensureSite } from './default-site.ts';
import { makeDemo } from './demo/demo.ts';
import { depsOf } from './deps.ts';
import { makeDesk } from './desk.ts';
import { frameOf } from './frame.ts';
import { homePanel } from './home.ts';
import { sitePictures } from './image.ts';
import { SitePages, SitePictures } from './index.ts';
import { signUps } from './outcome.ts';
import { hasOwnPages } from './page.sql.ts';
import { replanPages } from './planned.ts';
import { adminRoutes } from './routes/admin.ts';
import { fallbackOf } from './routes/pages.ts';
import { siteRoutes } from './routes/site.ts';
import { sitePages } from './site-pages.ts';
import { subjectOf } from './subject.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(SignUpDesk, (get) => makeDesk(depsOf(get)));
    bind(SitePages, () => sitePages);
    bind(extensionPoint<SendOutcome>('outreach.SendOutcome'), () => signUps);
    bind(SitePictures, () => sitePictures);
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      site: siteRoutes(deps),
      fallback: fallbackOf(deps),
      frame: (scope, path) => frameOf(scope, deps, path),
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'site',
          label: 'website.nav.pages',
          href: '/admin/website',
          permission: 'website.page.read',
          order: 10,
        },
        {
          section: 'site',
          label: 'website.nav.news',
          href: '/admin/website/news',
          permission: 'website.page.read',
          order: 20,
        },
      ],
      panels: [homePanel],
      before: {
        // The party has a site from its first minute; a chapter's is made when it is first looked at.
        'core.organization.created': async (scope) => {
          if (!scope.organization.parentId) await ensureSite(scope);
        },
      },
      on: {
        'elections.election.changed': (scope) => replanPages(scope, deps),
        'elections.election.removed': (scope) => replanPages(scope, deps),
      },
      steps: [{ label: 'website.step.page', href: '/admin/website', order: 50, done: hasOwnPages }],
      subject: subjectOf(deps),
      demo: makeDemo(deps),
    };
  },
};

export default plugin;
