// People: the party's file of persons, with what may be done with each and why.
import type { Job, Panel, Plugin } from 'rostra/plugin';
import { commandsOf } from './commands.ts';
import { makeConsents, seal, verifyChain } from './consent.ts';
import { makeDemo } from './demo/demo.ts';
import { type Deps, depsOf } from './deps.ts';
import { countByDay, countPeople, hasMoreThan } from './home.sql.ts';
import { runImport } from './import.ts';
import { Consents, Newsletters, People, SignUpDesk } from './index.ts';
import { createNewsletter, makeNewsletters } from './newsletter.ts';
import { makePeople } from './person.ts';
import { adminRoutes } from './routes/admin.ts';
import { makeSubjectRights } from './subject.ts';

const day = 24 * 3600 * 1000;
/** As many as one types in by hand to try. */
const few = 20;

const plugin: Plugin = {
  provide(bind) {
    bind(People, (get) => makePeople(depsOf(get)));
    bind(Consents, (get) => makeConsents(depsOf(get)));
    bind(Newsletters, (get) => makeNewsletters(depsOf(get)));
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      admin: adminRoutes(deps, get.many(SignUpDesk)),
      nav: [
        { ...item('list', '/people', 'people.person.read', 10), search: true },
        item('stand', '/people/stand', 'people.stand.collect', 15),
        item('newsletters', '/people/newsletters', 'people.newsletter.edit', 20),
        item('import', '/people/import', 'people.person.import', 30),
      ],
      panels: [homePanel],
      jobs: jobsOf(deps),
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
      checks: [{ label: 'people.check.consents', run: verifyChain }],
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

function jobsOf(deps: Deps): Job[] {
  return [
    { name: 'seal', cron: '* * * * *', run: async (scope) => void (await seal(scope)) },
    {
      name: 'import',
      run: (scope, payload) => runImport(scope, deps, String(payload['importId'])),
    },
  ];
}
