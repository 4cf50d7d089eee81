// The draft on every view with sample data: a page or a mail in a frame of ours that runs nothing and leads nowhere.
import type { RouterMiddleware } from '@koa/router';
import type { Core } from '../core.ts';
import { notFound } from '../errors.ts';
import type { Context, RouteContext, Router, RouteState } from '../http/context.ts';
import { leadOut, letFrameOwn, mailPolicy } from '../http/frame.ts';
import type { Scope } from '../scope.ts';
import { listSamples, renderSample, type Sample, type SampleDeps } from '../theme/samples.ts';
import { Type } from '../type.ts';
import { draftOf, type LookVerbDeps } from './looks.ts';

export type PreviewDeps = SampleDeps & LookVerbDeps & Pick<Core, 'registry'>;

const ViewQuery = Type.Object({ view: Type.String({ default: '' }) });

export function previewRoutes(
  deps: PreviewDeps,
  routes: Router,
  may: RouterMiddleware<RouteState, RouteContext>,
): void {
  routes.get('/gallery', may, async (ctx) => {
    letFrameOwn(ctx);
    const title = ctx.scope.t('look.gallery');
    await ctx.render('look/gallery', { title, samples: allFor(deps, ctx) });
  });
  routes.get('/view/:plugin/:view', may, (ctx) => showView(deps, ctx, ctx.params['view'] ?? ''));
  routes.get('/view/:plugin/mail/:view', may, (ctx) =>
    showView(deps, ctx, `mail/${ctx.params['view']}`),
  );
}

async function showView(deps: PreviewDeps, ctx: Context, view: string): Promise<void> {
  const plugin = ctx.params['plugin'] ?? '';
  const sample = samplesOn(deps, ctx).find((one) => one.plugin === plugin && one.view === view);
  if (!sample) throw notFound('view', `${plugin}/${view}`);
  const { organization } = ctx.scope;
  const { choices } = await draftOf(deps, ctx.scope);
  const look = deps.looks.with(organization, choices);
  const html = await renderSample(deps, organization, look, sample, organization.locale);
  frame(ctx, view.startsWith('mail/'));
  ctx.type = 'html';
  ctx.body = leadOut(html);
}

/** What the screen shows: the view that was asked for, or the first. */
export function samplesFor(deps: PreviewDeps, ctx: Context, asked = ctx.filters(ViewQuery).view) {
  const samples = allFor(deps, ctx);
  const isFront = ({ id }: { id: string }): boolean => id.endsWith('/front');
  const shown = samples.find(({ id }) => id === asked) ?? samples.find(isFront) ?? samples[0];
  return { samples, shown };
}

/** The first of each view. Of plugins that are off nobody sees a page. */
function samplesOn(deps: PreviewDeps, { scope }: Context): Sample[] {
  const ids = deps.found.map(({ manifest }) => manifest.id);
  const off = new Set(ids.filter((id) => !deps.registry.isOn(id, scope.organization)));
  const seen = new Set<string>();
  return listSamples(deps).filter(({ plugin, view }) => {
    const isFirst = !seen.has(`${plugin}/${view}`);
    seen.add(`${plugin}/${view}`);
    return isFirst && !off.has(plugin);
  });
}

function allFor(deps: PreviewDeps, ctx: Context) {
  const own = new Set(deps.found.map(({ manifest }) => manifest.id));
  const all = samplesOn(deps, ctx).map(({ plugin, view }) => ({
    id: `${plugin}/${view}`,
    label: labelOf(deps, ctx.scope, plugin, view),
    href: `/look/view/${plugin}/${view}`,
    // The party's own pages, then what the house says, then mails.
    rank: Number(!own.has(plugin)) + 2 * Number(view.startsWith('mail/')),
  }));
  return all.sort((a, b) => a.rank - b.rank);
}

/** In words where its owner has some: `website.view.front`. */
function labelOf({ locales }: PreviewDeps, scope: Scope, plugin: string, view: string): string {
  const key = `${plugin}.view.${view.replaceAll('/', '.')}`;
  return locales.has(key) ? scope.t(key) : `${plugin} · ${view}`;
}

function frame(ctx: Context, isMail: boolean): void {
  const policy = String(ctx.response.get('Content-Security-Policy'));
  const page = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
  ctx.set('Content-Security-Policy', isMail ? mailPolicy : page);
  ctx.set('Cache-Control', 'no-store');
}
