// Fundraising: lawful money, from the till to the treasurer's books. A table of contents.
import type { SendOutcome } from 'rostra/outreach';
import { extensionPoint, type Plugin } from 'rostra/plugin';
import { PageType } from 'rostra/website';
import { makeDemo } from './demo/demo.ts';
import { depsOf } from './deps.ts';
import { runHistory } from './history-run.ts';
import { personPanel, waitingPanel } from './home.ts';
import { PaymentProvider } from './index.ts';
import { checkLedgers, sealAll } from './ledger.ts';
import { listeners } from './listeners.ts';
import { gifts } from './outcome.ts';
import { makePageType } from './page-type.ts';
import { paymentJobs } from './payment-jobs.ts';
import { makeStripeWhenAsked, stripeSources } from './payments/stripe-when-asked.ts';
import { isProviderUsed } from './provider-account.sql.ts';
import { hasRecipient } from './recipient.sql.ts';
import { adminRoutes } from './routes/admin.ts';
import { apiRoutes } from './routes/api.ts';
import { siteRoutes } from './routes/give.ts';
import { hookRoutes } from './routes/hooks.ts';
import { makeSubjectRights } from './subject.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(PaymentProvider, () => makeStripeWhenAsked());
    bind(PageType, (get) => makePageType(depsOf(get)));
    bind(extensionPoint<SendOutcome>('outreach.SendOutcome'), () => gifts);
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      site: siteRoutes(deps),
      admin: adminRoutes(deps),
      api: apiRoutes(deps),
      csp: stripeSources,
      hooks: hookRoutes(deps),
      nav: [
        {
          section: 'money',
          label: 'fundraising.title',
          href: '/admin/fundraising',
          permission: 'fundraising.money.enter',
          order: 10,
        },
      ],
      steps: [{ label: 'fundraising.step', href: '/admin/staff', order: 65, done: hasRecipient }],
      panels: [waitingPanel, personPanel],
      jobs: [
        {
          name: 'history',
          run: (scope, payload) => runHistory(scope, deps, String(payload['historyId'])),
        },
        { name: 'seal', cron: '* * * * *', run: sealAll },
        ...paymentJobs(deps),
      ],
      on: listeners(deps),
      checks: [{ label: 'fundraising.check.title', run: checkLedgers }],
      // Of the others each plugin says so itself.
      idleProcessors: async (scope) => ((await isProviderUsed(scope, 'stripe')) ? [] : ['Stripe']),
      subject: makeSubjectRights(deps),
      demo: makeDemo(deps),
    };
  },
};
export default plugin;
