// People: the party's file of persons, with what may be done with each and why.
import { type Job, MailRefusals, type Panel, type Plugin } from 'rostra/plugin';
import { runAsk } from './ask.ts';
import { commandsOf } from './commands.ts';
import { makeConsents } from './consent.ts';
import { seal, verifyChains } from './consent-chain.ts';
import { reach } from './contact.ts';
import { csvFiles } from './csv-file.ts';
import { makeDemo } from './demo/demo.ts';
import { type Deps, depsOf } from './deps.ts';
import { countExpiries } from './expiry.sql.ts';
import { expire } from './expiry.ts';
import { countByDay, countPeople, hasMoreThan } from './home.sql.ts';
import { runImport } from './import.ts';
import {
  Consents,
  CsvFiles,
  Mailboxes,
  Newsletters,
  NoticeCarrier,
  People,
  Reach,
  Returns,
  RightsDesk,
  SignUpDesk,
  Tags,
} from './index.ts';
import { mailRefusals } from './mail-refusals.ts';
import { mailboxes } from './mailbox.ts';
import { createNewsletter, makeNewsletters } from './newsletter.ts';
import { countNotices } from './notice.sql.ts';
import { type Notifiers, runTell, today, watchNotices } from './notice.ts';
import { makePeople } from './person.ts';
import { listReached } from './reach-list.ts';
import { countReach } from './reach-page.ts';
import { findAmong } from './reached.ts';
import { makeReturns } from './returned.ts';
import { adminRoutes } from './routes/admin.ts';
import { apiRoutes } from './routes/contact.ts';
import type { Desks } from './routes/stand.ts';
import { makeSubjectRights } from './subject.ts';
import { makeTags } from './tag.ts';
import { readLines } from './telephone-lines.ts';

const day = 24 * 3600 * 1000;
/** As many as one types in by hand to try. */
const few = 20;

const plugin: Plugin = {
  provide(bind) {
    bind(People, (get) => makePeople(depsOf(get)));
    bind(Consents, (get) => makeConsents(depsOf(get)));
    bind(Newsletters, (get) => makeNewsletters(depsOf(get)));
    bind(Mailboxes, () => mailboxes);
    bind(Reach, () => ({
      ...reach,
      tell: countReach,
      among: findAmong,
      rows: (scope, act) => listReached(scope, act),
    }));
    bind(Returns, (get) => makeReturns(depsOf(get)));
    bind(CsvFiles, () => csvFiles);
    bind(Tags, (get) => makeTags(depsOf(get)));
    bind(MailRefusals, () => mailRefusals);
  },
  contribute(get) {
    const deps = depsOf(get);
    const desks = get.many(SignUpDesk);
    const notifiers = { carriers: get.many(NoticeCarrier), rightsDesks: get.many(RightsDesk) };
    return {
      admin: adminRoutes(deps, desks),
      api: apiRoutes(deps),
      nav: [
        { ...item('list', '/people', 'people.person.read', 10), search: true },
        item('stand', '/people/stand', 'people.stand.collect', 15),
        item('reach', '/people/reach', 'people.person.read', 17),
        item('newsletters', '/people/newsletters', 'people.newsletter.edit', 20),
        item('import', '/people/import', 'people.person.import', 30),
      ],
      panels: [homePanel, expiryPanel, noticesPanel],
      jobs: jobsOf(deps, desks, notifiers),
      before: {
        // The party's first newsletter, so that its sign-up form has something to offer.
        'core.organization.created': async (scope) => {
          if (scope.organization.parentId) return;
          const name = scope.t('people.newsletter.first.name');
          const description = scope.t('people.newsletter.first.description');
          await createNewsletter(scope, deps, { name, description });
        },
      },
      subject: makeSubjectRights(deps),
      demo: makeDemo(deps),
      commands: commandsOf(deps),
      steps: [
        {
          label: 'people.step.import',
          href: '/admin/people/import',
          order: 40,
          done: (scope) => hasMoreThan(scope, few),
        },
      ],
      checks: [{ label: 'people.check.consents', run: verifyChains }],
    };
  },
};
export default plugin;

function item(name: string, path: string, permission: string, order: number) {
  const label = `people.nav.${name}`;
  return { section: 'people' as const, label, href: `/admin${path}`, permission, order };
}

const homePanel: Panel = {
  slot: 'core.home',
  view: 'home',
  permission: 'people.person.read',
  order: 10,
  async data(scope) {
    const ago = (days: number) => new Date(scope.now().getTime() - days * day);
    const numbers = await countPeople(scope, ago(7));
    return { numbers, days: await countByDay(scope, ago(29)) };
  },
};

const expiryPanel: Panel = {
  slot: 'core.home',
  view: 'expiry-home',
  permission: 'people.person.erase',
  order: 5,
  async data(scope) {
    const soon = await countExpiries(scope);
    return soon.people > 0 ? soon : undefined;
  },
};

const noticesPanel: Panel = {
  slot: 'core.home',
  view: 'notices-home',
  permission: 'people.person.edit',
  order: 6,
  async data(scope) {
    const due = await countNotices(scope, today(scope));
    return due.people > 0 ? due : undefined;
  },
};

function jobsOf(deps: Deps, desks: Desks, notifiers: Notifiers): Job[] {
  return [
    { name: 'seal', cron: '* * * * *', run: async (scope) => void (await seal(scope)) },
    { name: 'lines', cron: '* * * * *', run: readLines },
    { name: 'expire', cron: '40 3 * * *', run: async (scope) => void (await expire(scope, deps)) },
    { name: 'notices', cron: '50 3 * * *', run: (scope) => watchNotices(scope, notifiers) },
    {
      name: 'tell',
      run: (scope, payload) => runTell(scope, deps, notifiers, String(payload['after'])),
    },
    {
      name: 'ask',
      run: (scope, payload) => runAsk(scope, deps, desks, String(payload['after'])),
    },
    {
      name: 'import',
      run: (scope, payload) => runImport(scope, deps, String(payload['importId'])),
    },
  ];
}
