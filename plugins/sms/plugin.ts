// Text messages: gateways, broadcast and conversation. A table of contents.
import { OutreachChannel } from 'rostra/outreach';
import { Dial, Fetch, type Plugin, router } from 'rostra/plugin';
import { makeChannel } from './channel.ts';
import { depsOf } from './deps.ts';
import { gatewayJobs } from './gateway-jobs.ts';
import { makeHttp } from './gateways/http.ts';
import { makeSmpp } from './gateways/smpp.ts';
import { makeTwilio } from './gateways/twilio.ts';
import { SmsGateway } from './index.ts';
import { actOnRest, heardOfSettled } from './news.ts';
import { addAccountRoutes } from './routes/accounts.ts';
import { hookRoutes } from './routes/hooks.ts';
import { addInbox } from './routes/inbox.ts';
import { siteRoutes } from './routes/site.ts';
import { addWriting } from './routes/write.ts';
import { sendSingle, singleJob } from './single.ts';
import { subject } from './subject.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(OutreachChannel, (get) => makeChannel(depsOf(get)));
    bind(SmsGateway, (get) => makeSmpp(get(Dial)));
    bind(SmsGateway, (get) => makeTwilio(get(Fetch)));
    bind(SmsGateway, (get) => makeHttp(get(Fetch)));
  },
  contribute(get) {
    const deps = depsOf(get);
    const admin = router();
    addAccountRoutes(admin, deps);
    addInbox(admin, deps);
    addWriting(admin, deps);
    return {
      ...{ site: siteRoutes(deps), admin, hooks: hookRoutes(deps), subject },
      nav: [
        {
          section: 'messages',
          label: 'sms.inbox.title',
          href: '/admin/sms/inbox',
          permission: 'sms.inbox.read',
          order: 20,
          search: true,
        },
        {
          section: 'messages',
          label: 'sms.gateway.title',
          href: '/admin/sms/gateway',
          permission: 'sms.account.manage',
          order: 30,
        },
      ],
      on: {
        'sms.message.came': (scope) => actOnRest(scope, deps),
        'sms.message.settled': (scope, payload) => heardOfSettled(scope, deps, payload),
      },
      jobs: [
        ...gatewayJobs(deps),
        {
          name: singleJob,
          run: (scope, payload) => sendSingle(scope, deps, String(payload['messageId'])),
        },
      ],
    };
  },
};
export default plugin;
