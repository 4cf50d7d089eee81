// What the pipeline is given by the other parts of the core when the server is put together.
import type { TSchema } from 'typebox';
import type { Core } from '../core.ts';
import type { Fault } from '../errors.ts';
import type { Router } from './context.ts';
import type { KeptPages } from './page-cache.ts';
import type { HttpContext } from './visit.ts';

/** The core as the pipeline sees it; a fault of a plugin is told to whoever lists them. */
export type HttpCore = Core & {
  reportFault?(plugin: string, where: string, error: unknown): void;
};

export interface StaffSession {
  readonly accountId: string;
  readonly name: string;
  /** The language that the account chose. */
  readonly locale?: string | undefined;
  /** What it may do at an organization; `undefined` when it has no role there. */
  permissionsAt(organizationId: string): ReadonlySet<string> | undefined;
  /** Where it has a role, the most encompassing first. */
  readonly organizations: readonly string[];
}

/** One file of a theme or of the core, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly br?: Buffer | undefined;
  readonly gzip?: Buffer | undefined;
  readonly etag: string;
}

export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: Fault[] };

export interface HttpParts {
  readonly accounts: {
    /** Where one who has to log in is sent; `next` is added. */
    readonly login: string;
    readSession(cookieHeader: string | undefined): Promise<StaffSession | undefined>;
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
  siteFrame(ctx: HttpContext): object;
  readonly pages: KeptPages;
  findAsset(path: string): Asset | undefined | Promise<Asset | undefined>;
  makeValidator(schema: TSchema): (input: unknown) => Validated;
}
