// Money: a table of contents of the staff pages.
import { type Router, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { addRecipientRoutes } from './recipients.ts';

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  addRecipientRoutes(routes, deps);
  return routes;
}
