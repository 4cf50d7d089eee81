// /hooks/email: where services that send for the party tell what became of its letters.
import { type Context, notFound, type Router, refused, router } from 'rostra/plugin';
import type { EmailSettings } from '../bounce-mailbox.ts';
import type { Deps } from '../deps.ts';
import { type Feedback, hear } from '../feedback.ts';
import { isPostmark, readPostmark } from './postmark.ts';
import { readSes } from './ses.ts';
import { isAmazons, readSns } from './sns.ts';

const mostBytes = 256 * 1024;

export function hookRoutes(deps: Deps): Router {
  const routes = router();
  routes.post('/ses', async (ctx) => {
    const { sesTopics = '' } = await deps.settings.read<EmailSettings>(ctx.scope);
    const topics = sesTopics.split(/[\s,;]+/).filter(Boolean);
    if (topics.length === 0) throw notFound('hook');
    const call = await readSns(ctx.scope, deps, await ctx.raw(mostBytes), topics);
    if (!call) throw refused('email.hook-refused', { status: 400 });
    if (call.Type === 'SubscriptionConfirmation') await confirm(ctx, deps, call.SubscribeURL ?? '');
    if (call.Type !== 'Notification') return taken(ctx);
    return take(ctx, deps, await readSes(ctx.scope, deps, call.Message));
  });
  routes.post('/postmark', async (ctx) => {
    const { postmarkSecret } = await deps.settings.read<EmailSettings>(ctx.scope);
    if (!postmarkSecret) throw notFound('hook');
    const body = await ctx.raw(mostBytes);
    if (!isPostmark(ctx.headers, postmarkSecret))
      throw refused('email.hook-refused', { status: 400 });
    return take(ctx, deps, readPostmark(ctx.scope, body));
  });
  return routes;
}

/** The answer is the same whether or not there is such a letter. */
async function take(ctx: Context, deps: Deps, feedback: Feedback | undefined): Promise<void> {
  if (feedback) await hear(ctx.scope, deps, feedback);
  taken(ctx);
}

function taken(ctx: Context): void {
  ctx.status = 200;
  ctx.body = '';
}

/** Asked once, when the topic is told of this address; Amazon asks again until it is answered. */
async function confirm({ scope }: Context, deps: Deps, address: string): Promise<void> {
  if (!isAmazons(address)) throw refused('email.hook-refused', { status: 400 });
  await deps.fetch.text(scope, address);
}
