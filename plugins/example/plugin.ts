// Offers of help: what people say that they would lend a hand with. This file is the table of contents.
import type { Plugin } from 'rostra/plugin';
import { depsOf } from './deps.ts';
import { findOffersOf } from './offer.sql.ts';
import { closeOldOffers, tellStory } from './offer.ts';
import { offersPage, PageType } from './page-type.ts';
import { adminRoutes } from './routes/admin.ts';
import { hookRoutes } from './routes/hooks.ts';
import { siteRoutes } from './routes/site.ts';
import { subject } from './subject.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(PageType, () => offersPage);
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      site: siteRoutes(),
      admin: adminRoutes(),
      hooks: hookRoutes(deps),
      nav: [
        {
          section: 'people',
          label: 'example.nav.offers',
          href: '/admin/example',
          permission: 'example.offer.read',
        },
      ],
      panels: [
        {
          slot: 'people.person',
          view: 'person',
          permission: 'example.offer.read',
          async data(scope, personId) {
            const offers = await findOffersOf(scope, personId);
            return offers.length > 0 ? { offers } : undefined;
          },
        },
      ],
      jobs: [{ name: 'close', cron: '0 3 * * *', run: (scope) => closeOldOffers(scope, deps) }],
      on: { 'example.offer.made': (scope, { offerId }) => tellStory(scope, deps, offerId) },
      subject,
    };
  },
};
export default plugin;
