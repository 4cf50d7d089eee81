// Email: newsletters that go out as letters by e-mail. A table of contents.
import { OutreachChannel } from 'rostra/outreach';
import type { Plugin } from 'rostra/plugin';
import type {} from 'rostra/website';
import { hearAnswers } from './answer.ts';
import { deleteInventedAnswers } from './answer-subject.sql.ts';
import { deleteInvented } from './archive.sql.ts';
import { readMailbox } from './bounce-mailbox.ts';
import { makeChannel } from './channel.ts';
import { depsOf } from './deps.ts';
import { hookRoutes } from './hooks/routes.ts';
import { PictureUse, pictureUse } from './picture.ts';
import { dropReplies } from './reply.sql.ts';
import { replyJob, sendReply } from './reply.ts';
import { adminRoutes } from './routes/admin.ts';
import { siteRoutes } from './routes/site.ts';
import { makeSubject } from './subject.ts';
import { deleteInventedWelcomes, dropWelcomes } from './welcome.sql.ts';
import { sendWelcomes, welcome } from './welcome.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(OutreachChannel, (get) => makeChannel(depsOf(get)));
    bind(PictureUse, (get) => pictureUse(depsOf(get)));
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      site: siteRoutes(deps),
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'messages',
          label: 'email.nav.answers',
          href: '/admin/email/answers',
          permission: 'email.inbox.read',
          order: 19,
          search: true,
        },
        {
          section: 'messages',
          label: 'email.nav.archive',
          href: '/admin/email/archive',
          permission: 'outreach.send.read',
          order: 20,
        },
        {
          section: 'messages',
          label: 'email.nav.senders',
          href: '/admin/email/senders',
          permission: 'outreach.send.read',
          order: 22,
        },
        {
          section: 'messages',
          label: 'email.nav.welcome',
          href: '/admin/email/welcome',
          permission: 'outreach.send.read',
          order: 25,
        },
      ],
      demo: {
        fill: async () => {},
        async remove(scope, { chapters }) {
          await deleteInvented(scope, chapters);
          await deleteInventedWelcomes(scope, chapters);
          await deleteInventedAnswers(scope, chapters);
        },
      },
      hooks: hookRoutes(deps),
      before: {
        async 'core.organization.restored'(scope) {
          await dropWelcomes(scope);
          await dropReplies(scope);
        },
      },
      on: {
        'website.submission.confirmed': (scope, payload) => welcome(scope, deps, payload),
        'email.answer.came': (scope) => hearAnswers(scope, deps),
        'email.answer.replied': (scope, { replyId }) => sendReply(scope, deps, replyId),
      },
      subject: makeSubject(deps),
      jobs: [
        {
          name: 'returns',
          cron: '*/5 * * * *',
          maxAttempts: 1,
          run: (scope) => readMailbox(scope, deps),
        },
        {
          name: 'answers',
          cron: '*/2 * * * *',
          maxAttempts: 1,
          run: (scope) => readMailbox(scope, deps, 'answersServer'),
        },
        {
          name: replyJob,
          run: (scope, payload) => sendReply(scope, deps, String(payload['replyId'])),
        },
        {
          name: 'welcomes',
          cron: '* * * * *',
          maxAttempts: 1,
          run: (scope) => sendWelcomes(scope, deps),
        },
      ],
    };
  },
};
export default plugin;
