// Whether and how somebody may be reached, for programs.
import { permit, type Router, router } from 'rostra/plugin';
import { contactabilityOf, knownOf } from '../contact.ts';
import { contactView } from '../contact-words.ts';
import type { Deps } from '../deps.ts';
import { personOfPath } from './forms.ts';

export function apiRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/:id/contactability', permit('people.person.read'), async (ctx) => {
    const { scope } = ctx;
    const person = await personOfPath(ctx);
    await deps.audit.record(scope, {
      act: 'person.viewed',
      subject: { type: 'person', id: person.id },
      personId: person.id,
    });
    const answers = contactabilityOf(scope, await knownOf(scope, person));
    ctx.set('Cache-Control', 'no-store');
    ctx.body = {
      person: person.id,
      at: scope.now(),
      answers: answers.map((one) => contactView(scope, person.id, one)),
    };
  });
  return routes;
}
