// Money: a table of contents of the staff pages.
import { type Router, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { addAccountRoutes } from './accounts.ts';
import { addBatchRoutes } from './batches.ts';
import { addDonationRoutes } from './donations.ts';
import { addGiftRoutes } from './gifts.ts';
import { addHistoryRoutes } from './history.ts';
import { addListRoutes } from './lists.ts';
import { addMoneyRoutes } from './money.ts';
import { addReceiptRoutes } from './receipts.ts';
import { addRecipientRoutes } from './recipients.ts';
import { addRecordRoutes } from './record.ts';
import { addRefundRoutes } from './refunds.ts';

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  addRecipientRoutes(routes, deps);
  addRecordRoutes(routes, deps);
  addAccountRoutes(routes, deps);
  addBatchRoutes(routes, deps);
  addHistoryRoutes(routes, deps);
  addMoneyRoutes(routes, deps);
  addGiftRoutes(routes, deps);
  addDonationRoutes(routes, deps);
  addRefundRoutes(routes, deps);
  addListRoutes(routes, deps);
  addReceiptRoutes(routes, deps);
  return routes;
}
