// The plugins: what each does and keeps, whether it is on here, and why not.

import { notFound } from '../../errors.ts';
import { permit, type Router, router } from '../../http/context.ts';
import { explainOne } from '../../law/explain.ts';
import { isCapability } from '../../law/vocabulary.ts';
import { lostPlaces } from '../../plugin-places.ts';
import type { FoundPlugin, Standing } from '../../registry.ts';
import type { Scope } from '../../scope.ts';
import { Type } from '../../type.ts';
import type { AdminDeps } from '../deps.ts';
import { durationInWords } from '../place.ts';
import { verdictOf } from './law.ts';

const SwitchForm = Type.Object({ on: Type.Boolean() });

/** Mounted at `/admin/plugins`. */
export function adminPlugins(deps: AdminDeps): Router {
  const routes = router();
  routes.get('/', permit('core.plugins.switch'), (ctx) =>
    ctx.render('admin/plugins', {
      title: ctx.scope.t('admin.plugins.title'),
      plugins: pluginsOf(deps, ctx.scope),
    }),
  );
  routes.post('/:plugin/switch', permit('core.plugins.switch'), async (ctx) => {
    const id = ctx.params.plugin ?? '';
    if (!deps.registry.find(id)) throw notFound('plugin', id);
    const form = await ctx.form(SwitchForm);
    const isOn = form.ok && form.value.on;
    await deps.verbs.switchPlugin(ctx.scope, id, isOn);
    const plugin = nameOf(deps, ctx.scope, id);
    ctx.done('/admin/plugins', `admin.plugins.switched.${isOn ? 'on' : 'off'}`, { plugin });
  });
  return routes;
}

export function pluginsOf(deps: AdminDeps, scope: Scope) {
  const known = deps.registry.all().map(({ manifest }) => manifest);
  return deps.registry.all().map((plugin) => {
    const { manifest, state, fault } = plugin;
    const standing = deps.registry.standing(manifest.id, scope.organization);
    return {
      id: manifest.id,
      version: manifest.version,
      name: nameOf(deps, scope, manifest.id),
      does: sentenceOf(deps, scope, `${manifest.id}.plugin.does`),
      requires: (manifest.requires ?? []).map((id) => nameOf(deps, scope, id)),
      isOn: standing.on,
      isWanted: standing.on || standing.by === 'fault',
      isDormant: state === 'dormant',
      // Also off when it failed: others may wait for it.
      canSwitch:
        (state === 'loaded' || state === 'faulty') &&
        (standing.on || standing.by === 'switch' || standing.by === 'fault'),
      standing: standingIn(deps, scope, plugin, standing),
      fault: fault ?? latestFault(deps, manifest.id),
      lost: lostPlaces(manifest, plugin.contributions, known),
      law: lawOn(deps, scope, plugin),
      keeps: practicesOf(deps, scope, plugin),
    };
  });
}

/** A word and its colour, and a sentence where the word is not enough. */
function standingIn(deps: AdminDeps, scope: Scope, plugin: FoundPlugin, standing: Standing) {
  const word = (name: string, tone?: string, sentence?: string) => {
    return { label: scope.t(`admin.plugins.state.${name}`), tone, sentence };
  };
  if (plugin.state === 'faulty') return word('fault', 'danger');
  if (standing.on) return word('on', 'done');
  if (standing.by === 'law') return word('law', 'law');
  if (standing.by === 'fault') return word('fault', 'danger');
  if (standing.by === 'not-loaded') {
    return word('notLoaded', 'warn', scope.t('admin.plugins.notLoaded'));
  }
  if (standing.by !== 'requires' || !standing.plugin) return word('off');
  const needed = nameOf(deps, scope, standing.plugin);
  return word('off', undefined, scope.t('admin.plugins.requires', { plugin: needed }));
}

/** What the law says of the acts that the plugin cannot do without. */
function lawOn({ packs }: AdminDeps, scope: Scope, { manifest }: FoundPlugin) {
  const { jurisdiction } = scope.organization;
  const needs = (manifest.capabilities?.needs ?? []).filter(isCapability);
  return needs.map((capability) => {
    const one = explainOne(packs, jurisdiction, capability, scope.now());
    const reason = one.reasons[0];
    return {
      what: scope.t(one.name),
      verdict: verdictOf[one.verdict],
      sentence: scope.t(one.silence ?? one.sentence),
      source: reason?.source,
      asOf: reason?.asOf,
      confidence: reason?.confidence,
      instead: one.instead && scope.t(one.instead),
    };
  });
}

function practicesOf(deps: AdminDeps, scope: Scope, { manifest }: FoundPlugin) {
  return (manifest.dataPractices ?? []).map((practice) => ({
    data: dataName(deps, scope, practice.data),
    purpose: scope.t(practice.purpose),
    basis: scope.t(`admin.basis.${practice.basis}`),
    keep:
      practice.keep === 'relation'
        ? scope.t('admin.plugins.relation')
        : durationInWords(scope.locale, practice.keep),
    processors:
      practice.processors.map(({ name, country }) => `${name} (${country})`).join(', ') ||
      scope.t('admin.plugins.practice.nobody'),
  }));
}

/** The nearest name that there is: `user.contact.email`, else `user.contact`, else `user`. */
function dataName(deps: AdminDeps, scope: Scope, data: string): string {
  const steps = data.split('.');
  while (steps.length > 0) {
    const key = `admin.data.${steps.join('.')}`;
    if (deps.locales.has(key)) return scope.t(key);
    steps.pop();
  }
  return data;
}

function nameOf(deps: AdminDeps, scope: Scope, id: string): string {
  return sentenceOf(deps, scope, `${id}.plugin.name`) ?? id;
}

function sentenceOf({ locales }: AdminDeps, scope: Scope, key: string): string | undefined {
  return locales.has(key) ? scope.t(key) : undefined;
}

function latestFault({ registry }: AdminDeps, id: string): string | undefined {
  const faults = registry.faults().filter((fault) => fault.plugin === id);
  const last = faults.at(-1);
  return last && `${last.where}: ${last.message}`;
}
