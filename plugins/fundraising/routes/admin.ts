// Money: a table of contents of the staff pages.
import { type Router, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { addBatchRoutes } from './batches.ts';
import { addDonationRoutes } from './donations.ts';
import { addListRoutes } from './lists.ts';
import { addReceiptRoutes } from './receipts.ts';
import { addRecipientRoutes } from './recipients.ts';
import { addRecordRoutes } from './record.ts';

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  addRecipientRoutes(routes, deps);
  addRecordRoutes(routes, deps);
  addBatchRoutes(routes, deps);
  addDonationRoutes(routes, deps);
  addListRoutes(routes, deps);
  addReceiptRoutes(routes, deps);
  return routes;
}
