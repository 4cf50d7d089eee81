// What the pipeline is given by the other parts of the core when the server is put together.
import type { StaffSession } from '../accounts/session.ts';
import type { ScopeRequest } from '../scopes.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Router } from './context.ts';
import type { KeptPages } from './page-cache.ts';
import type { HttpContext } from './visit.ts';

export interface HttpParts {
  readonly accounts: {
    readSession(cookieHeader: string | undefined): Promise<StaffSession | undefined>;
    /** Who asks with this token at the organization; throws when it does not work there. */
    readToken(token: string, organizationId: string): Promise<ScopeRequest>;
    /** Whole addresses, for those who are not logged in (log in, invitation). */
    readonly publicRoutes: Router;
    /** Whole addresses, for those who are. */
    readonly adminRoutes: Router;
  };
  /** The admin's own pages; `prefix` is the whole address, e.g. `/admin/outbox`. */
  readonly coreAdmin: readonly { prefix: string; router: Router }[];
  /** Whole addresses below `/setup`; it also answers while there is no organization. */
  readonly setup: Router;
  frame(ctx: HttpContext): Promise<object>;
  siteFrame(ctx: HttpContext): Promise<object>;
  readonly pages: KeptPages;
  readonly uploads?: Blobs;
  /** How long a plugin's handler may take; 30 s if left out. */
  readonly handlerMs?: number;
}
