// The core's own pages put together for the pipeline: setup, accounts, admin, and the frames around every page.

import { findSetupLink } from './accounts/link.ts';
import { accountRoutes } from './accounts/routes/index.ts';
import { cookieFor, openSession, readSession } from './accounts/session.ts';
import { organizationsOf } from './accounts/standing.ts';
import { readToken } from './accounts/token.ts';
import type { AdminDeps } from './admin/deps.ts';
import { adminGallery } from './admin/gallery.ts';
import { adminHome } from './admin/home.ts';
import { navOf } from './admin/nav.ts';
import { adminLaw } from './admin/routes/law.ts';
import { adminOrganizations } from './admin/routes/organizations.ts';
import { adminPlugins } from './admin/routes/plugins.ts';
import type { House } from './assemble.ts';
import { auditRoutes } from './audit/routes.ts';
import { backupRoutes } from './backup/routes.ts';
import { demoCountryOf, fillDemo } from './demo/demo.ts';
import { demoPeople, demoRoutes } from './demo/routes.ts';
import type { HttpContext, HttpParts } from './http/app.ts';
import { jobsRoutes } from './jobs/routes.ts';
import { silenceWords } from './law/silence-words.ts';
import { lookRoutes } from './look/routes.ts';
import { sendingRoutes } from './mail/domain-routes.ts';
import { outboxRoutes } from './mail/routes.ts';
import { wayOf } from './mail/sender.ts';
import { settingsRoutes } from './settings/routes.ts';
import { setupRoutes } from './setup/routes.ts';

export function makeParts(house: House): HttpParts {
  const accounts = accountRoutes(house.accounts);
  return {
    accounts: {
      readSession: (cookieHeader) => readSession(house, cookieHeader),
      readToken: (token, organizationId) => readToken(house.accounts, token, organizationId),
      publicRoutes: accounts.public,
      adminRoutes: accounts.admin,
    },
    coreAdmin: adminPages(house),
    setup: setupRoutes({
      ...house,
      loadPlugins: house.loadPlugins,
      isLinkGood: (token) => findSetupLink(house, token),
      fillDemo({ jurisdiction, locale }) {
        const country = demoCountryOf(jurisdiction, locale);
        return fillDemo(house, { country, people: demoPeople });
      },
      async logIn(accountId, origin) {
        const moment = { db: house.database.db, now: () => house.clock.now() };
        const token = await openSession(moment, accountId, origin, { grace: true });
        return cookieFor(token, house.config.url);
      },
    }),
    frame: (ctx) => adminFrame(house, ctx),
    siteFrame: (ctx) => siteFrame(house, ctx),
    pages: house.pages,
    uploads: house.blobs,
    handlerMs: house.handlerMs,
  };
}

function adminPages(house: House): HttpParts['coreAdmin'] {
  const deps: AdminDeps = {
    ...house,
    mailIsSet: async (scope) => !('waitsFor' in wayOf(house, scope.organization)),
  };
  return [
    { prefix: '/admin', router: adminHome(deps) },
    { prefix: '/admin/plugins', router: adminPlugins(deps) },
    { prefix: '/admin/law', router: adminLaw(deps) },
    { prefix: '/admin/organizations', router: adminOrganizations(deps) },
    {
      prefix: '/admin/settings',
      router: settingsRoutes({ ...house, mail: house.mail('settings') }),
    },
    {
      prefix: '/admin/look',
      router: lookRoutes({
        ...house,
        store: house.store('core'),
        themeOf: (one) => house.settings.coreOf(one).theme,
      }),
    },
    { prefix: '/admin/outbox', router: outboxRoutes(house) },
    { prefix: '/admin/sending', router: sendingRoutes(house) },
    { prefix: '/admin/backups', router: backupRoutes(house) },
    { prefix: '/admin/audit', router: auditRoutes(house) },
    { prefix: '/admin/demo', router: demoRoutes(house) },
    { prefix: '/admin/jobs', router: jobsRoutes(house) },
    { prefix: '/admin/gallery', router: adminGallery() },
  ];
}

/** What stands around every page of the admin. */
async function adminFrame(house: House, ctx: HttpContext): Promise<object> {
  const { scope, visit } = ctx;
  const { session } = visit;
  // The doors of the house stand outside its frame: log in, second factor, invitation.
  if (ctx.path.startsWith('/account')) return { bare: true };
  const own = session ? organizationsOf(house.organizations, session.roles) : [];
  return {
    nav: navOf(house, scope, ctx.path),
    chapters: own.map((one) => ({
      slug: one.slug,
      name: one.name,
      depth: one.path.split('.').length - 1,
      current: one.id === scope.organization.id,
    })),
    account: session && { name: session.name },
    search: searchOf(house, scope),
    notices: [...noticesOf(house, scope), ...(await silenceNotices(house, scope))],
  };
}

/** On every page, so that nobody takes invented people for real ones. */
function noticesOf({ demo }: House, scope: HttpContext['scope']): object[] {
  if (!demo.current()) return [];
  const may = !scope.bound && scope.may('core.organizations.manage');
  const act = { label: scope.t('demo.banner-act'), href: '/demo', small: true };
  const [title, text] = [scope.t('demo.banner'), scope.t('demo.banner-text')];
  return [{ tone: 'warn', title, text, button: may ? act : undefined }];
}

/** Since when, until when, why: whoever wonders why nothing leaves finds it on each page. */
async function silenceNotices(house: House, scope: HttpContext['scope']): Promise<object[]> {
  try {
    const faulty = house.silence.gap(scope)?.faulty;
    if (faulty) return [unknownSilence(house, scope, faulty)];
    const silenced = await house.silence.at(scope);
    if (!silenced) return [];
    const words = silenceWords(scope, silenced);
    const [title, text] = ['banner', 'banner-text'].map((key) =>
      scope.t(`law.silence.${key}`, words),
    );
    const href = silenced.windows[0]?.round.href;
    return [
      {
        tone: 'law',
        title,
        text,
        button: { label: scope.t('law.silence.see'), href, small: true },
      },
    ];
  } catch (error) {
    house.registry.report('core', 'silence', error);
    return [];
  }
}

/** Why messages to many wait, and what ends it. */
function unknownSilence({ locales }: House, scope: HttpContext['scope'], id: string): object {
  const name = `${id}.plugin.name`;
  const plugin = locales.has(name) ? scope.t(name) : id;
  const button = { label: scope.t('admin.plugins.title'), href: '/plugins', small: true };
  return {
    tone: 'danger',
    title: scope.t('law.silence.unknown'),
    text: scope.t('core.silence-unknown', { plugin }),
    button: scope.may('core.plugins.switch') ? button : undefined,
  };
}

/** Where the search field of the frame leads: the first plugin that has a list to search. */
function searchOf(house: House, scope: HttpContext['scope']): string | undefined {
  const found = house.registry
    .all()
    .filter(({ manifest }) => house.registry.isOn(manifest.id, scope.organization))
    .flatMap(({ contributions }) => contributions.nav ?? [])
    .find((item) => item.search && scope.may(item.permission));
  return found?.href;
}

/** What stands around every public page: the plugin that answers what nobody else does has the site's menu. */
async function siteFrame(house: House, ctx: HttpContext): Promise<object> {
  const { scope } = ctx;
  const owner = house.registry
    .all()
    .find(
      ({ manifest, contributions }) =>
        contributions.frame && house.registry.isOn(manifest.id, scope.organization),
    );
  const bare = { name: scope.organization.name, menu: [] };
  try {
    return { site: { ...bare, ...(await owner?.contributions.frame?.(scope, ctx.path)) } };
  } catch (error) {
    house.registry.report(owner?.manifest.id ?? 'core', 'frame', error);
    return { site: bare };
  }
}
