// One request on its way through the pipeline: what is known of it so far.
import { randomBytes } from 'node:crypto';
import type Koa from 'koa';
import type { StaffSession } from '../accounts/session.ts';
import type { Organization } from '../organizations/organization.ts';
import type { ScopeRequest } from '../scopes.ts';
import type { Bound } from './bound.ts';
import type { RouteContext, RouteState } from './context.ts';
import type { CspSources } from './csp.ts';

export interface Visit {
  /** Told to the reader of a fault and written in the log. */
  readonly id: string;
  /** The reader's address, seen through trusted proxies. */
  readonly address: string;
  organization: Organization | undefined;
  /** `/admin`, or `/admin/@lyon` for a chapter: what addresses of the admin begin with. */
  adminBase: string;
  session: StaffSession | undefined;
  /** Who reads, once that is known; a fault page is drawn for the same reader. */
  reader: ScopeRequest | undefined;
  /** Whose route is running; none for the core's own. */
  plugin: string | undefined;
  surface: 'site' | 'admin' | 'api' | 'hooks';
  /** The page said that it may be kept. */
  keep: { until: Date | undefined } | undefined;
  /** Status that a form with faults gives to the page which shows it again. */
  formStatus: number | undefined;
  bound: Bound | undefined;
  /** Of the plugins that make the page: what it may load from elsewhere. */
  sources: CspSources[];
}

export interface VisitContext extends RouteContext {
  visit: Visit;
}
export type HttpContext = Koa.ParameterizedContext<RouteState, VisitContext>;
export type HttpMiddleware = Koa.Middleware<RouteState, VisitContext>;

export function beginVisit(address: string): Visit {
  return {
    id: randomBytes(8).toString('hex'),
    address,
    organization: undefined,
    adminBase: '/admin',
    session: undefined,
    reader: undefined,
    plugin: undefined,
    surface: 'site',
    keep: undefined,
    formStatus: undefined,
    bound: undefined,
    sources: [],
  };
}

/** First segment with its slash, e.g. `/sms` of `/sms/stop`. */
export function firstSegment(path: string): string {
  return `/${path.split('/')[1] ?? ''}`;
}
