// Fundraising: lawful money, from the till to the treasurer's books. A table of contents.
import type { Plugin } from 'rostra/plugin';
import { depsOf } from './deps.ts';
import { checkLedgers, sealAll } from './ledger.ts';
import { adminRoutes } from './routes/admin.ts';
import { makeSubjectRights } from './subject.ts';

const plugin: Plugin = {
  contribute(get) {
    const deps = depsOf(get);
    return {
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'money',
          label: 'fundraising.title',
          href: '/admin/fundraising',
          permission: 'fundraising.money.enter',
          order: 10,
        },
      ],
      jobs: [{ name: 'seal', cron: '* * * * *', run: sealAll }],
      checks: [{ label: 'fundraising.check.title', run: checkLedgers }],
      subject: makeSubjectRights(deps),
    };
  },
};
export default plugin;
