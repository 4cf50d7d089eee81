// The packs: which law stands where, and the signature under a draft.
import { forbidden, notFound, refused } from '../../errors.ts';
import { type Context, permit, type Router } from '../../http/context.ts';
import type { Pack } from '../../law/schema.ts';
import { signPack, withdrawSignature } from '../../law/signatures.ts';
import type { Scope } from '../../scope.ts';
import { Type } from '../../type.ts';
import type { AdminDeps } from '../deps.ts';
import { jurisdictionName } from '../place.ts';
import { lawTabs } from './law.ts';

/** What is signed is what was read: the version stands in the form. */
const SignForm = Type.Object({
  version: Type.String({ maxLength: 60 }),
  words: Type.String({ minLength: 10, maxLength: 2000 }),
  read: Type.String({ maxLength: 10 }),
});

/** To the routes of the law's pages. */
export function addLawPacks(routes: Router, deps: AdminDeps): void {
  const may = permit('core.settings.manage');
  routes.get('/packs', permit('core.law.read'), (ctx) =>
    ctx.render('admin/law-packs', {
      title: ctx.scope.t('admin.lawPage.packs'),
      tabs: lawTabs(ctx.scope, 'packs'),
      packs: inOrder(deps, ctx.scope),
      faults: ctx.scope.bound ? [] : deps.packs.faults,
    }),
  );
  routes.get('/packs/:pack', permit('core.law.read'), (ctx) =>
    showOne(deps, ctx, packIn(deps, ctx), { values: {}, faults: {} }),
  );
  routes.post('/packs/:pack/sign', may, async (ctx) => {
    const pack = packIn(deps, ctx);
    const form = await ctx.form(SignForm);
    if (!form.ok) return showOne(deps, ctx, pack, form, 422);
    if (form.value.version !== pack.version) throw refused('law.pack-changed', { status: 409 });
    await signPack(deps, demandParty(ctx.scope), pack, form.value.words);
    await deps.loadPlugins();
    ctx.done(`/admin/law/packs/${pack.id}`, 'admin.lawPage.signed');
  });
  routes.post('/packs/:pack/withdraw', may, async (ctx) => {
    const pack = packIn(deps, ctx);
    await withdrawSignature(deps, demandParty(ctx.scope), pack);
    ctx.done(`/admin/law/packs/${pack.id}`, 'admin.lawPage.withdrawn');
  });
}

function demandParty(scope: Scope): Scope {
  if (scope.bound) throw forbidden('core.settings.manage');
  return scope;
}

function packIn({ packs }: AdminDeps, ctx: Context): Pack {
  const found = packs.get(ctx.params.pack ?? '');
  if (!found) throw notFound('pack', ctx.params.pack ?? '');
  return found;
}

/** By name, as the reader's language sorts. */
function inOrder(deps: AdminDeps, scope: Scope) {
  const rows = deps.packs.ids.map((id) => rowOf(deps, scope, id));
  return rows.sort((a, b) => a.name.localeCompare(b.name, scope.locale));
}

function rowOf(deps: AdminDeps, scope: Scope, id: string) {
  const pack = deps.packs.get(id) as Pack;
  return {
    ...{ id, version: pack.version, name: jurisdictionName(scope.locale, id) },
    state: stateOf(deps, pack),
    users: deps.organizations
      .all()
      .filter((one) => one.jurisdiction === id && (!scope.bound || scope.bound.includes(one.id)))
      .map(({ name }) => name),
  };
}

/** Of a pack that builds on a draft too: it stands when all below it do. */
function stateOf(
  { packs, signatures }: AdminDeps,
  pack: Pack,
): 'draft' | 'signed' | Pack['status'] {
  if (packs.unsigned(pack.id).length > 0) return 'draft';
  return signatures.of(pack) ? 'signed' : pack.status;
}

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

function showOne(deps: AdminDeps, ctx: Context, pack: Pack, form: Shown, status?: number) {
  const { scope } = ctx;
  const { id, version } = pack;
  const data = {
    title: jurisdictionName(scope.locale, id),
    ...{ id, version, form, state: stateOf(deps, pack) },
    isDraft: pack.status === 'draft',
    signature: deps.signatures.of(pack),
    /** Drafts that it builds on. */
    below: deps.packs
      .unsigned(id)
      .filter((one) => one.id !== id)
      .map((one) => ({ id: one.id, name: jurisdictionName(scope.locale, one.id) })),
    maySign: !scope.bound && scope.may('core.settings.manage'),
  };
  return ctx.render('admin/law-pack', data, status);
}
