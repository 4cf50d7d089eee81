// The routes of the accounts, at whole addresses: the doors below /account, the rooms below /admin.
import { type Router, router } from '../../http/context.ts';
import type { AccountDeps } from '../deps.ts';
import { ownRoutes } from './own.ts';
import { publicRoutes } from './public.ts';
import { staffRoutes } from './staff.ts';
import { tokenRoutes } from './tokens.ts';

export function accountRoutes(deps: AccountDeps): { public: Router; admin: Router } {
  const admin = router();
  admin.use(ownRoutes(deps).routes());
  admin.use(staffRoutes(deps).routes());
  admin.use(tokenRoutes(deps).routes());
  return { public: publicRoutes(deps), admin };
}
