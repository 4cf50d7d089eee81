// What a route is given, and how it names its permission.
import KoaRouter, { type RouterContext, type RouterMiddleware } from '@koa/router';
import type { Static, TSchema } from 'typebox';
import { forbidden } from '../errors.ts';
import type { Scope } from '../scope.ts';
import type { SafeHtml } from '../theme/safe.ts';

export interface RouteContext {
  scope: Scope;
  /** Whence the request came, shortened to a /24 (IPv6: /48): for rates only, never to be kept. */
  caller: string;
  /**
   * Reads the body (form, multipart or JSON), bounded, and checks it by the schema. On the API what does
   * not fit is thrown as `invalid`, and answered with the faults.
   */
  form<S extends TSchema>(schema: S, options?: FormOptions): Promise<Form<Static<S>>>;
  /** The body as it came, for webhooks whose signature covers each byte; 1 MiB unless said. */
  raw(maxBytes?: number): Promise<Buffer>;
  /** The query string, checked likewise; what does not fit falls back to the schema's defaults. */
  filters<S extends TSchema>(schema: S): Static<S>;
  /**
   * Renders the plugin's own view (`views/site` or `views/admin`) in its frame. The status is 200, or 422
   * (413) after a form with faults.
   */
  render(view: string, data?: object, status?: number): Promise<void>;
  /** Renders a view without its frame, for htmx. */
  fragment(view: string, data?: object): Promise<void>;
  /**
   * The page is the same for every visitor: keep it until content, theme or settings change, or `until`. So it is whatever
   * stands in `?tracking=`.
   */
  keep(until?: Date): void;
  /**
   * Goes to `href` (303), and in the admin says there what was done; `message` is a key in the locales.
   * Visitors get no cookie, so on the site `href` must be a page that says it by itself.
   */
  done(href: string, message: string, params?: Record<string, unknown>): void;
  /** Panels of other plugins for a slot of one's own page. */
  panels(slot: string, subject: string): Promise<{ id: string; html: unknown }[]>;
  /**
   * A view that another plugin named (of the same surface as one's page), drawn without a frame; the page may then
   * load what that plugin declared in `csp`. `undefined` when it failed, which is told of in that plugin's name.
   */
  piece(plugin: string, view: string, data: object): Promise<SafeHtml | undefined>;
  /** The page may also load, and send forms to, what this plugin declared in `csp`, e.g. a payment provider's. */
  allow(plugin: string): void;
}
/** The state of Koa; plugins keep nothing there. */
export type RouteState = Record<string, never>;
export type Context = RouterContext<RouteState, RouteContext>;
export type Router = KoaRouter<RouteState, RouteContext>;

export interface FormOptions {
  /** Most bytes of one file; 20 MiB if left out. */
  maxFileBytes?: number;
}

export interface UploadedFile {
  field: string;
  /** As the browser named it: for showing only. */
  name: string;
  type: string;
  bytes: number;
  /** Where it lies until the answer is sent. */
  path: string;
}

/** What came in, and what is wrong with it, field by field, in the reader's language. */
export type Form<T> = {
  /** As typed, to be shown again. */
  values: Record<string, unknown>;
  files: UploadedFile[];
} & (
  | { ok: true; value: T; faults: Record<string, never> }
  | { ok: false; value?: undefined; faults: Record<string, string> }
);

/** `:id`, and a name that ends in `Id`, is the key of a row: what is not a number is 404 before the handler. */
export function router(): Router {
  return new KoaRouter<RouteState, RouteContext>();
}

/** Lets pass who holds the permission; written before the handler of each staff route. */
export function permit(
  permission: string,
): RouterMiddleware<RouteState, RouteContext> & { permission: string } {
  const check: RouterMiddleware<RouteState, RouteContext> = (ctx, next) => {
    if (!ctx.scope.may(permission)) throw forbidden(permission);
    return next();
  };
  return Object.assign(check, { permission });
}
