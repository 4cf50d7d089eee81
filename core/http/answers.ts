// What a route finds on its context: reading what came in, and answering.

import type { Core } from '../core.ts';
import { shortAddress } from './client.ts';
import { makeForms } from './form.ts';
import type { HttpParts } from './parts.ts';
import { makeAnswers } from './render.ts';
import type { HttpContext } from './visit.ts';

/** Closures, so that a route may take them apart: `({ render }) => …`. */
export function giveAnswers(core: Core, parts: HttpParts, ctx: HttpContext): void {
  const caller = shortAddress(ctx.visit.address);
  Object.assign(ctx, { caller }, makeForms(core, ctx), makeAnswers(core, parts, ctx));
}
