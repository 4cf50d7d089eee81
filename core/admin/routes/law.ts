// The law as it is applied here: the outlook, every capability with its verdict and source, and the dates ahead.
import { permit, type Router, router } from '../../http/context.ts';
import { type Explanation, explain } from '../../law/explain.ts';
import { nextDates, outlook } from '../../law/outlook.ts';
import type { Scope } from '../../scope.ts';
import { Type } from '../../type.ts';
import type { AdminDeps } from '../deps.ts';
import { isUnwatched } from '../home.ts';
import { AskedSchema, askPage } from '../law-ask.ts';
import { type MapFilter, mapFilters, mapOf } from '../law-map.ts';
import { jurisdictionName } from '../place.ts';
import { addLawPacks } from './law-packs.ts';

/** Mounted at `/admin/law`. */
export function adminLaw(deps: AdminDeps): Router {
  const routes = router();
  routes.get('/', permit('core.law.read'), (ctx) =>
    ctx.render('admin/law', {
      ...lawOf(deps, ctx.scope),
      isUnwatched: isUnwatched(deps, ctx.scope),
      tabs: lawTabs(ctx.scope, 'law'),
    }),
  );
  routes.get('/rules', permit('core.law.read'), (ctx) => {
    const { show, pack } = ctx.filters(MapSchema);
    const own = ctx.scope.organization.jurisdiction;
    const of = deps.packs.ids.includes(pack) ? pack : own;
    return ctx.render('admin/law-rules', {
      title: ctx.scope.t('admin.lawPage.everyRule'),
      tabs: lawTabs(ctx.scope, 'rules'),
      ...{ show, pack: of === own ? undefined : of, place: jurisdictionName(ctx.scope.locale, of) },
      ...mapOf(deps, ctx.scope, of, show),
    });
  });
  routes.get('/ask', permit('core.law.read'), (ctx) =>
    ctx.render('admin/law-ask', {
      title: ctx.scope.t('admin.lawPage.ask'),
      tabs: lawTabs(ctx.scope, 'ask'),
      ...askPage(deps, ctx.scope, ctx.filters(AskedSchema)),
    }),
  );
  addLawPacks(routes, deps);
  return routes;
}

const MapSchema = Type.Object({
  show: Type.Unsafe<MapFilter>(Type.Enum([...mapFilters], { default: 'all' })),
  pack: Type.String({ default: '', maxLength: 30 }),
});

const tabs = { law: '', rules: '/rules', ask: '/ask', packs: '/packs' } as const;

export function lawTabs(scope: Scope, current: keyof typeof tabs) {
  return Object.entries(tabs).map(([id, path]) => ({
    label: scope.t(`admin.lawPage.tab.${id}`),
    ...{ href: `/law${path}`, current: id === current },
  }));
}

const verdicts = { yes: 'allow', limits: 'conditional', no: 'deny' } as const;
export const verdictOf = {
  allowed: 'allow',
  conditional: 'conditional',
  denied: 'deny',
} as const;

export function lawOf({ packs }: Pick<AdminDeps, 'packs'>, scope: Scope) {
  const { jurisdiction } = scope.organization;
  const pack = packs.get(jurisdiction);
  const now = scope.now();
  return {
    title: scope.t('admin.lawPage.title'),
    place: jurisdictionName(scope.locale, jurisdiction),
    pack: pack && { version: pack.version },
    drafts: packs.unsigned(jurisdiction).map(({ id }) => id),
    faults: scope.bound ? [] : packs.faults,
    outlook: outlook(packs, jurisdiction, now).map((item) => ({
      what: scope.t(item.name),
      verdict: verdicts[item.verdict],
      sentence: scope.t(item.sentence.key, item.sentence.params),
      source: item.source || undefined,
      asOf: item.asOf || undefined,
      confidence: item.verified ? 'V' : 'K',
    })),
    acts: explain(packs, jurisdiction, now).map((one) => actOf(scope, one)),
    dates: nextDates(packs, jurisdiction, now).map(({ sentence, ...date }) => ({
      ...date,
      what: scope.t(sentence.key, sentence.params),
    })),
  };
}

function actOf(scope: Scope, one: Explanation) {
  const reason = one.reasons[0];
  const conditions = one.conditions.map(({ sentence }) => scope.t(sentence.key, sentence.params));
  return {
    id: one.capability,
    what: scope.t(one.name),
    verdict: verdictOf[one.verdict],
    sentence: scope.t(one.silence ?? one.sentence),
    conditions,
    instead: one.instead && scope.t(one.instead),
    source: one.unwritten ? undefined : reason?.source,
    since: reason?.since,
    asOf: one.unwritten ? undefined : reason?.asOf,
    confidence: one.unwritten ? undefined : reason?.confidence,
  };
}
