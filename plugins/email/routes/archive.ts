// /admin/email/archive: which newsletters' letters stand on the site.
import { type Context, isAppError, permit, type Router, Type } from 'rostra/plugin';
import { findArchives } from '../archive.sql.ts';
import { archivePath, setArchive } from '../archive.ts';
import type { Deps } from '../deps.ts';

const ArchiveForm = Type.Object({
  newsletterId: Type.String({ pattern: '^[1-9]\\d{0,17}$' }),
  open: Type.String({ pattern: '^(yes|no)$' }),
});
export const archiveHome = '/admin/email/archive';

export function archiveRoutes(routes: Router, deps: Deps): void {
  routes.get('/archive', permit('outreach.send.read'), (ctx) => show(deps, ctx));
  routes.post('/archive', permit('outreach.send.release'), (ctx) => change(deps, ctx));
}

async function change(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(ArchiveForm);
  if (!form.ok) return show(deps, ctx);
  const isOpen = form.value.open === 'yes';
  try {
    await setArchive(ctx.scope, deps, form.value.newsletterId, isOpen);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'email.archive-silent') throw error;
    return show(deps, ctx, { id: form.value.newsletterId, text: sentenceOf(ctx, error.details) });
  }
  ctx.done(archiveHome, isOpen ? 'email.archive.opened' : 'email.archive.closed');
}

const sentenceOf = ({ scope }: Context, params: object) =>
  scope.t('email.archive-silent', params as Record<string, string>);

async function show(deps: Deps, ctx: Context, fault?: { id: string; text: string }): Promise<void> {
  const open = await findArchives(ctx.scope);
  const all = await deps.outreach.newsletters(ctx.scope);
  const newsletters = all.map((one) => ({
    ...{ id: one.id, name: one.name, path: archivePath(one), isOpen: open.includes(one.id) },
    ...(fault?.id === one.id && { fault: fault.text }),
  }));
  await ctx.render('archive', { newsletters }, fault ? 422 : 200);
}
