// The staff's pages of people; fixed addresses stand before those with an id.
import { type Router, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { consentRoutes } from './consent.ts';
import { editRoutes, newRoutes } from './edit.ts';
import { expiryRoutes } from './expiry.ts';
import { exportRoutes } from './export.ts';
import { importRoutes } from './import.ts';
import { listRoutes } from './list.ts';
import { mergeRoutes } from './merge.ts';
import { newsletterRoutes } from './newsletter.ts';
import { noticeRoutes } from './notices.ts';
import { profileRoutes } from './profile.ts';
import { reachRoutes } from './reach.ts';
import { rightsRoutes } from './rights.ts';
import { type Desks, standRoutes } from './stand.ts';

export function adminRoutes(deps: Deps, desks: Desks): Router {
  const routes = router();
  listRoutes(routes, deps);
  newRoutes(routes, deps);
  reachRoutes(routes, deps, desks);
  expiryRoutes(routes, deps);
  noticeRoutes(routes, deps);
  standRoutes(routes, deps, desks);
  newsletterRoutes(routes, deps);
  importRoutes(routes, deps);
  exportRoutes(routes, deps);
  editRoutes(routes, deps);
  consentRoutes(routes, deps);
  mergeRoutes(routes, deps);
  rightsRoutes(routes, deps);
  profileRoutes(routes, deps);
  return routes;
}
