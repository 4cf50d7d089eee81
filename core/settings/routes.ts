// /admin/settings: a form for each part that has something to set, drawn from its schema.

import type { Core } from '../core.ts';
import { type AppError, faultsOf, isAppError, notFound } from '../errors.ts';
import { type Context, type Form, permit, type Router, router } from '../http/context.ts';
import type { Scope } from '../scope.ts';
import type { Mail } from '../services.ts';
import { Type } from '../type.ts';
import { fieldsOf } from './fields.ts';
import { formSchemaOf, settingsSchemaOf } from './schema.ts';
import type { SettingsParts, SettingsView } from './settings.ts';

export interface SettingsPageDeps extends Pick<Core, 'locales' | 'registry' | 'themes'> {
  settings: SettingsParts;
  /** The core's mail. */
  mail: Mail;
}

const TestMail = Type.Object({ to: Type.String({ format: 'email', maxLength: 254 }) });

export function settingsRoutes(deps: SettingsPageDeps): Router {
  const routes = router();
  const may = permit('core.settings.manage');

  routes.get('/', may, (ctx) => show(deps, ctx, 'core'));
  routes.post('/', may, (ctx) => save(deps, ctx, 'core'));

  routes.post('/test-mail', may, async (ctx) => {
    const form = await ctx.form(TestMail);
    if (!form.ok)
      return show(deps, ctx, 'core', { testFaults: form.faults, testTo: form.values.to });
    const id = await deps.mail.send(ctx.scope, { to: form.value.to, view: 'mail/test', data: {} });
    ctx.done(`/admin/outbox/${id}`, 'settings.test.sent');
  });

  routes.get('/:plugin', may, (ctx) => show(deps, ctx, ctx.params.plugin ?? ''));
  routes.post('/:plugin', may, (ctx) => save(deps, ctx, ctx.params.plugin ?? ''));

  return routes;
}

async function save(deps: SettingsPageDeps, ctx: Context, plugin: string): Promise<void> {
  const view = await viewOf(deps, ctx.scope, plugin);
  const form = await ctx.form(formSchemaOf(view.schema));
  if (!form.ok) return show(deps, ctx, plugin, { form });
  const { revision, ...values } = form.value as Record<string, unknown>;
  const removeSecrets = view.secretsSet.filter((name) => form.values[`remove:${name}`]);
  try {
    const change = { values, removeSecrets, revision: Number(revision ?? 0) };
    await deps.settings.change(ctx.scope, plugin, change);
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === 'core.invalid')
      return show(deps, ctx, plugin, { form: refusedBy(ctx, form, error) }, 422);
    if (error.code !== 'core.edited-meanwhile') throw error;
    return show(deps, ctx, plugin, { form: { ...form, faults: {} }, meanwhile: true }, 409);
  }
  ctx.done(plugin === 'core' ? '/admin/settings' : `/admin/settings/${plugin}`, 'settings.saved');
}

/** The form again, with what only the verb knows to be wrong beside its field. */
function refusedBy(ctx: Context, { values, files }: Form<unknown>, error: AppError): Form<unknown> {
  return { ok: false, values, files, faults: faultsOf(ctx.scope, error) };
}

interface Shown {
  form?: Form<unknown>;
  meanwhile?: boolean;
  testFaults?: Record<string, string>;
  testTo?: unknown;
}

async function show(
  deps: SettingsPageDeps,
  ctx: Context,
  plugin: string,
  shown: Shown = {},
  status?: number,
): Promise<void> {
  const { scope } = ctx;
  const view = await viewOf(deps, scope, plugin);
  const fields = fieldsOf({ ...deps, scope, plugin, view, form: shown.form });
  const data = {
    plugin,
    tabs: tabsOf(deps, scope),
    fields,
    // Both texts: what stands there now is said beside what was typed.
    current: shown.meanwhile ? fieldsOf({ ...deps, scope, plugin, view }) : undefined,
    faults: shown.form?.faults ?? {},
    revision: view.revision,
    testFaults: shown.testFaults ?? {},
    testTo: shown.testTo,
  };
  await ctx.render('settings/settings', data, status);
}

/** Only what is on has settings to be found. */
async function viewOf(deps: SettingsPageDeps, scope: Scope, plugin: string): Promise<SettingsView> {
  const isThere = plugin === 'core' || deps.registry.isOn(plugin, scope.organization);
  const view = isThere ? await deps.settings.view(scope, plugin) : undefined;
  if (!view) throw notFound('settings', plugin);
  return view;
}

function tabsOf({ registry, locales }: SettingsPageDeps, scope: Scope) {
  const plugins = registry
    .all()
    .filter(({ manifest }) => settingsSchemaOf(manifest))
    .filter(({ manifest }) => registry.isOn(manifest.id, scope.organization))
    .map(({ manifest: { id } }) => ({
      plugin: id,
      label: locales.has(`${id}.plugin.name`) ? scope.t(`${id}.plugin.name`) : id,
    }));
  return [{ plugin: 'core', label: scope.t('settings.core') }, ...plugins];
}
