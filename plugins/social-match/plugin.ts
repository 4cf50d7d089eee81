// Social matching: a person's profile on social networks, looked for with consent, confirmed by staff.
import type { Panel, Plugin } from 'rostra/plugin';
import { type Deps, depsOf } from './deps.ts';
import { dropWithoutConsent, lookFor } from './find.ts';
import { SocialSource } from './index.ts';
import { profileOf } from './profile.ts';
import { adminRoutes } from './routes/admin.ts';
import { makeFediverse } from './sources/fediverse.ts';
import { makeSubjectRights } from './subject.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(SocialSource, makeFediverse);
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'people',
          label: 'social-match.nav.candidates',
          href: '/admin/social-match',
          permission: 'social-match.candidate.read',
          order: 60,
        },
      ],
      panels: [personPanel(deps)],
      jobs: [
        { name: 'find', run: (scope, { personId }) => lookFor(scope, deps, String(personId)) },
      ],
      on: {
        'people.consent.withdrawn': (scope, { personId }) =>
          dropWithoutConsent(scope, deps, personId),
        'people.person.merged': (scope, { into }) => dropWithoutConsent(scope, deps, into),
        'people.person.erased': (scope, { personId }) => dropWithoutConsent(scope, deps, personId),
      },
      subject: makeSubjectRights(deps),
    };
  },
};
export default plugin;

function personPanel(deps: Deps): Panel {
  return {
    slot: 'people.person',
    view: 'person',
    permission: 'social-match.candidate.read',
    order: 60,
    data: (scope, personId) => profileOf(scope, deps, personId),
  };
}
