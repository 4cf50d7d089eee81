// Privacy: what people ask of their data, by when it is answered, and that it is done everywhere. A table of contents.
import { RightsDesk } from 'rostra/people';
import type { Panel, Plugin } from 'rostra/plugin';
import { countBreaches, findOpenBreaches } from './breach.sql.ts';
import { clockOf } from './breach.ts';
import { deleteInventedBreaches, findBreachesOf } from './breach-person.sql.ts';
import { type Deps, depsOf } from './deps.ts';
import { SealedStore } from './index.ts';
import { makeSealedStore } from './kept.ts';
import { countRequests, findRequestsOf } from './request.sql.ts';
import { adminRoutes, standing } from './routes/admin.ts';
import { siteRoutes } from './routes/site.ts';
import { deleteInvented } from './subject.sql.ts';
import { subject } from './subject.ts';
import { work } from './work.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(RightsDesk, () => ({ path: async () => '/my-data' }));
    bind(SealedStore, (get) => makeSealedStore(depsOf(get)));
  },
  contribute(get) {
    const deps: Deps = depsOf(get);
    return {
      site: siteRoutes(deps),
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'law',
          label: 'privacy.nav.requests',
          href: '/admin/privacy',
          permission: 'privacy.request.read',
          order: 50,
        },
        {
          section: 'law',
          label: 'privacy.nav.breaches',
          href: '/admin/privacy/breaches',
          permission: 'privacy.breach.manage',
          order: 55,
        },
        {
          section: 'law',
          label: 'privacy.nav.kept',
          href: '/admin/privacy/kept',
          permission: 'privacy.kept.open',
          order: 60,
        },
        {
          section: 'law',
          label: 'privacy.nav.authority',
          href: '/admin/privacy/authority',
          permission: 'privacy.request.handle',
          order: 70,
        },
      ],
      panels: [homePanel, breachPanel, personPanel, personBreachPanel],
      jobs: [{ name: 'work', cron: '* * * * *', run: (scope) => work(scope, deps) }],
      subject,
      demo: {
        fill: async () => {},
        async remove(scope, { chapters }) {
          await deleteInventedBreaches(scope, chapters);
          await deleteInvented(scope, chapters);
        },
      },
    };
  },
};
export default plugin;

const homePanel: Panel = {
  slot: 'core.home',
  view: 'home',
  permission: 'privacy.request.read',
  order: 5,
  async data(scope) {
    const counts = await countRequests(scope);
    if (counts.open === 0) return undefined;
    return { counts, ...standing(scope.now(), { dueAt: counts.nextDue, answeredAt: null }) };
  },
};

const breachPanel: Panel = {
  slot: 'core.home',
  view: 'breach-home',
  permission: 'privacy.breach.manage',
  order: 4,
  async data(scope) {
    const counts = await countBreaches(scope);
    if (counts.open === 0) return undefined;
    const undecided = {
      dueAt: counts.nextDue,
      reportedAt: null,
      unreportedAt: null,
      closedAt: null,
    };
    return { counts, ...clockOf(scope.now(), undecided) };
  },
};

const personPanel: Panel = {
  slot: 'people.person',
  view: 'person',
  permission: 'privacy.request.read',
  order: 80,
  async data(scope, personId) {
    const requests = await findRequestsOf(scope, personId);
    return {
      personId,
      requests: requests.map((one) => ({ ...one, ...standing(scope.now(), one) })),
    };
  },
};

const personBreachPanel: Panel = {
  slot: 'people.person',
  view: 'breach-person',
  permission: 'privacy.breach.manage',
  order: 81,
  async data(scope, personId) {
    const breaches = await findBreachesOf(scope, personId);
    const named = new Set(breaches.map(({ id }) => id));
    const open = (await findOpenBreaches(scope)).filter(({ id }) => !named.has(id));
    return breaches.length + open.length > 0 ? { personId, breaches, open } : undefined;
  },
};
