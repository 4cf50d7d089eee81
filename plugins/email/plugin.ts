// Email: newsletters that go out as letters by e-mail. A table of contents.
import { OutreachChannel } from 'rostra/outreach';
import type { Plugin } from 'rostra/plugin';
import { deleteInvented } from './archive.sql.ts';
import { readMailbox } from './bounce-mailbox.ts';
import { makeChannel } from './channel.ts';
import { depsOf } from './deps.ts';
import { hookRoutes } from './hooks/routes.ts';
import { adminRoutes } from './routes/admin.ts';
import { siteRoutes } from './routes/site.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(OutreachChannel, (get) => makeChannel(depsOf(get)));
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      site: siteRoutes(deps),
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'messages',
          label: 'email.nav.archive',
          href: '/admin/email/archive',
          permission: 'outreach.send.read',
          order: 20,
        },
      ],
      demo: {
        fill: async () => {},
        remove: (scope, { chapters }) => deleteInvented(scope, chapters),
      },
      hooks: hookRoutes(deps),
      jobs: [
        {
          name: 'returns',
          cron: '*/5 * * * *',
          maxAttempts: 1,
          run: (scope) => readMailbox(scope, deps),
        },
      ],
    };
  },
};
export default plugin;
