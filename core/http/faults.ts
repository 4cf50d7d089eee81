// Whatever is thrown becomes an answer: a page for people, problem+json for programs, a line in the log.
import type { IncomingMessage } from 'node:http';
import type { Core } from '../core.ts';
import { AppError, isAppError, notFound, unavailable } from '../errors.ts';
import { describeError } from '../log.ts';
import { drawFault } from './fault-page.ts';
import type { HttpParts } from './parts.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

const drainMs = 10_000;
/** What a handler may have set before it failed. */
const set = ['Content-Encoding', 'ETag', 'Content-Disposition', 'Location', 'Set-Cookie'];

/** 400: what came over the line is not what it says it is. */
export function malformed(what: string): AppError {
  return new AppError('core.malformed', 400, { what });
}

/** 413: more than the address takes. */
export function tooLarge(maxBytes: number): AppError {
  return new AppError('core.too-large', 413, { maxBytes });
}

/** 404; or 405 where the address is known, and only the method is not: `allow` is what it takes. */
export function wrongAddress(method: string, allow: readonly string[]): AppError {
  if (allow.length === 0 || allow.includes(method)) return notFound('page');
  return new AppError('core.wrong-method', 405, { allow });
}

export function answerFaults(core: Core, parts: HttpParts): HttpMiddleware {
  return async (ctx, next) => {
    try {
      await next();
      if (isUnanswered(ctx)) throw notFound('page');
    } catch (error) {
      const fault = named(error);
      if (fault.status >= 500) note(core, ctx, fault.status === 500 ? error : fault);
      if (ctx.headerSent) return cutOff(ctx);
      await answer(core, parts, ctx, fault);
    }
  };
}

function isUnanswered(ctx: HttpContext): boolean {
  return ctx.status === 404 && (ctx.body === undefined || ctx.body === null);
}

/** The expected noes as they are; what is known of the database as 503; all else is a bug. */
function named(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (isDatabaseDown(error)) return unavailable('database', error);
  return new AppError('core.bug', 500, {}, error);
}

function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError') return true;
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ECONNREFUSED' || code === 'EPIPE' || /^(57P0|08)/.test(code);
}

async function answer(
  core: Core,
  parts: HttpParts,
  ctx: HttpContext,
  fault: AppError,
): Promise<void> {
  const isWhole = await isDrained(ctx.req);
  const { type, body } = await drawFault(core, parts, ctx, fault);
  // All at once from here: a handler that was given up on may still write to the same context.
  for (const name of set) ctx.remove(name);
  ctx.status = fault.status;
  ctx.set('Cache-Control', 'no-store');
  if (fault.status === 503) ctx.set('Retry-After', '5');
  if (fault.status === 405) ctx.set('Allow', [fault.details.allow].flat().join(', '));
  if (!isWhole) ctx.set('Connection', 'close');
  ctx.body = body;
  ctx.type = type;
}

/**
 * Reads and drops what is left of the body: a browser reads no answer before it has sent everything, and a
 * line closed under it loses the answer. Not for ever.
 */
function isDrained(req: IncomingMessage): Promise<boolean> {
  if (req.complete || req.destroyed) return Promise.resolve(req.complete);
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve(req.complete);
    };
    const timer = setTimeout(end, drainMs);
    req.once('end', end).once('close', end).resume();
  });
}

/** Half an answer is out already: the reader must not take it for a whole one. */
function cutOff(ctx: HttpContext): void {
  ctx.res.destroy();
}

function note(core: Core, ctx: HttpContext, error: unknown): void {
  const { id, plugin } = ctx.visit;
  core.log.error({ request: id, plugin, fault: describeError(error) }, 'request failed');
}
