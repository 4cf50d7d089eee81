// The webhook: another system sends offers here. It has no session, so its signature is all that speaks for it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalid, makeValidator, type Router, refused, router, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { OfferSettings } from '../index.ts';
import { makeOffer } from '../offer.ts';

const most = 16 * 1024;
const checkOffer = makeValidator(
  Type.Object({
    reference: Type.String({ minLength: 1, maxLength: 100 }),
    emailAddress: Type.String({ format: 'email', maxLength: 254 }),
    text: Type.String({ minLength: 1, maxLength: 1000 }),
  }),
);

export function hookRoutes(deps: Deps): Router {
  const routes = router();
  routes.post('/offers', async (ctx) => {
    const body = await ctx.raw(most);
    const { hookSecret } = await deps.settings.read<OfferSettings>(ctx.scope);
    if (!isSigned(body, ctx.get('X-Signature'), hookSecret)) {
      throw refused('example.not-signed', { status: 401 });
    }
    const offer = checkOffer(parse(body));
    if (!offer.ok) throw invalid(offer.faults);
    await makeOffer(ctx.scope, deps, offer.value);
    ctx.status = 204;
  });
  return routes;
}

function isSigned(body: Buffer, signature: string, secret: string | undefined): boolean {
  if (!secret) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
