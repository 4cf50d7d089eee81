// The HTTP pipeline, read top to bottom.
import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa from 'koa';
import compress from 'koa-compress';
import type { Core } from '../core.ts';
import { sendUploads } from '../store/send.ts';
import { sendAssets } from './assets.ts';
import { makeAddressOf } from './client.ts';
import type { RouteState } from './context.ts';
import { answerFaults, malformed } from './faults.ts';
import { guardByLaw } from './gate.ts';
import { setSecurityHeaders } from './headers.ts';
import { answerHealth, makeMetrics } from './health.ts';
import { chooseOrganization, leadToSetup } from './host.ts';
import { guardOrigin } from './origin.ts';
import type { HttpParts } from './parts.ts';
import { recognizeReader } from './reader.ts';
import { recordRequests } from './record.ts';
import { answerHooks, route } from './route.ts';
import type { HttpMiddleware, VisitContext } from './visit.ts';

export type { HttpParts } from './parts.ts';
export type { HttpContext } from './visit.ts';

export interface Http {
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** From now on `/health/ready` answers 503, so that nobody new is sent here. */
  drain(): void;
}

export function makeHttp(core: Core, parts: HttpParts): Http {
  let isDraining = false;
  const metrics = makeMetrics();
  parts.pages.counter.register(metrics);
  const { config, registry } = core;
  const health = {
    secret: config.secret,
    metrics,
    check: () => core.versions.poll(),
    isDraining: () => isDraining,
  };

  const koa = new Koa<RouteState, VisitContext>();
  koa.silent = true;
  koa.use(recordRequests(core.log, makeAddressOf(config.trustedProxies), metrics));
  koa.use(setSecurityHeaders(config.url.startsWith('https:')));
  koa.use(answerFaults(core, parts));
  koa.use(refuseMalformed);
  koa.use(answerHealth(health));
  koa.use(sendAssets(core));
  koa.use(pack());
  koa.use(sendUploads(parts.uploads));
  koa.use(leadToSetup(core, parts));
  koa.use(chooseOrganization(core));
  koa.use(guardByLaw(registry, config.url));
  koa.use(answerHooks(core, parts));
  koa.use(guardOrigin(config.url));
  koa.use(recognizeReader(core, parts));
  koa.use(route(core, parts));
  const handle = koa.callback();

  return {
    handle(req, res) {
      if (!parts.pages.answer(req, res)) handle(req, res);
    },
    drain() {
      isDraining = true;
    },
  };
}

/** An address that does not decode, or holds what no text of the database can. */
const refuseMalformed: HttpMiddleware = (ctx, next) => {
  if (!ctx.path.startsWith('/') || !decodes(ctx.path)) throw malformed('address');
  return next();
};

function decodes(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}

/** What is made for one reader is packed quickly; what is kept was packed well, once. */
function pack(): HttpMiddleware {
  return compress({ threshold: 1024, br: { params: { 1: 4 } } }) as unknown as HttpMiddleware;
}
