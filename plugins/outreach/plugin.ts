// Outreach: one text to many, on whichever channel, lawfully, to each once. A table of contents.
import { NoticeCarrier } from 'rostra/people';
import type { Plugin } from 'rostra/plugin';
import { makeAnswerRules } from './answer-rules.ts';
import { depsOf } from './deps.ts';
import { AnswerRules, Outreach } from './index.ts';
import { adminRoutes } from './routes/admin.ts';
import { siteRoutes } from './routes/site.ts';
import { run, wakeAll } from './run.ts';
import { deleteInvented, holdSends } from './send.sql.ts';
import { makeOutreach, runJob } from './send.ts';
import { subject } from './subject.ts';
import { findToldSource } from './told.sql.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(Outreach, (get) => makeOutreach(depsOf(get)));
    bind(AnswerRules, (get) => makeAnswerRules(depsOf(get)));
    bind(NoticeCarrier, () => ({ told: findToldSource }));
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      site: siteRoutes(deps),
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'messages',
          label: 'outreach.title',
          href: '/admin/outreach',
          permission: 'outreach.send.read',
          order: 10,
        },
        {
          section: 'messages',
          label: 'outreach.rules.title',
          href: '/admin/outreach/tags',
          permission: 'outreach.send.read',
          order: 28,
        },
      ],
      jobs: [
        { name: 'wake', cron: '* * * * *', maxAttempts: 1, run: (scope) => wakeAll(scope, deps) },
        { name: runJob, run: (scope, payload) => run(scope, deps, String(payload['sendId'])) },
      ],
      before: { 'core.organization.restored': (scope) => holdSends(scope) },
      subject,
      demo: {
        fill: async () => {},
        remove: (scope, { chapters }) => deleteInvented(scope, chapters),
      },
    };
  },
};
export default plugin;
