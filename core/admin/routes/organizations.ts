// The party and its chapters: the tree, a new chapter, and what each says of itself.
import { faultsOf, isAppError, notFound } from '../../errors.ts';
import { type Context, type Form, permit, type Router, router } from '../../http/context.ts';
import { isIdentityComplete } from '../../organizations/identity.ts';
import type { Organization } from '../../organizations/organization.ts';
import type { Scope } from '../../scope.ts';
import type { AdminDeps } from '../deps.ts';
import {
  asChanges,
  ChapterForm,
  choicesFor,
  OrganizationForm,
  onlyOwn,
  partysOf,
  valuesOf,
} from '../organization-form.ts';
import { jurisdictionName, languageName } from '../place.ts';

const may = () => permit('core.organizations.manage');

/** Mounted at `/admin/organizations`. */
export function adminOrganizations(deps: AdminDeps): Router {
  const routes = router();
  routes.get('/', may(), (ctx) =>
    ctx.render('admin/organizations', {
      title: ctx.scope.t('admin.organizations.title'),
      organizations: treeOf(deps, ctx.scope),
    }),
  );
  routes.get('/new', may(), (ctx) => showNew(deps, ctx, { values: {}, faults: {} }));
  routes.post('/new', may(), (ctx) => create(deps, ctx));
  routes.get('/:id', may(), (ctx) => {
    const organization = within(deps, ctx.scope, ctx.params.id);
    return showOne(deps, ctx, organization, { values: valuesOf(deps, organization), faults: {} });
  });
  routes.post('/:id', may(), (ctx) => update(deps, ctx));
  return routes;
}

type Shown = Pick<Form<unknown>, 'values' | 'faults'>;

async function create(deps: AdminDeps, ctx: Context): Promise<void> {
  const form = await ctx.form(ChapterForm);
  if (!form.ok) return showNew(deps, ctx, form);
  const changes = asChanges(ctx.scope, form.value);
  if ('faults' in changes) return showNew(deps, ctx, { ...form, faults: changes.faults }, 422);
  const { name, slug } = form.value;
  try {
    await deps.verbs.createOrganization(ctx.scope, { ...changes.value, name, slug });
  } catch (error) {
    return showNew(deps, ctx, { ...form, faults: faultsIn(deps, ctx.scope, error, slug) }, 422);
  }
  ctx.done('/admin/organizations', 'admin.organizations.created', { name });
}

async function update(deps: AdminDeps, ctx: Context): Promise<void> {
  const organization = within(deps, ctx.scope, ctx.params.id);
  const form = await ctx.form(OrganizationForm);
  if (!form.ok) return showOne(deps, ctx, organization, form);
  const changes = asChanges(ctx.scope, form.value);
  if ('faults' in changes) {
    return showOne(deps, ctx, organization, { ...form, faults: changes.faults }, 422);
  }
  try {
    await deps.verbs.updateOrganization(
      ctx.scope,
      organization.id,
      onlyOwn(deps, organization, changes.value),
    );
  } catch (error) {
    const faults = faultsIn(deps, ctx.scope, error);
    return showOne(deps, ctx, organization, { ...form, faults }, 422);
  }
  const { name } = form.value;
  ctx.done('/admin/organizations', 'admin.organizations.saved', { name });
}

function showNew(deps: AdminDeps, ctx: Context, form: Shown, status?: number): Promise<void> {
  const data = {
    title: ctx.scope.t('admin.organizations.add'),
    isNew: true,
    partys: partysOf(deps, ctx.scope, { ...ctx.scope.organization, id: '' }),
    form,
    choices: choicesFor(deps, ctx.scope),
  };
  return ctx.render('admin/organization', data, status);
}

function showOne(
  deps: AdminDeps,
  ctx: Context,
  organization: Organization,
  form: Shown,
  status?: number,
): Promise<void> {
  const { id, name, parentId } = organization;
  const data = {
    title: ctx.scope.t('admin.organizations.edit', { name }),
    isNew: false,
    isParty: parentId === undefined,
    partys: partysOf(deps, ctx.scope, organization),
    form,
    choices: choicesFor(deps, ctx.scope),
    id,
  };
  return ctx.render('admin/organization', data, status);
}

/** What the verbs refuse of a single field comes back beside it; anything else goes on. */
function faultsIn(deps: AdminDeps, scope: Scope, error: unknown, slug?: string) {
  if (isAppError(error) && error.code === 'core.name-taken') {
    const field = slug && deps.organizations.bySlug(slug) ? 'slug' : 'hosts';
    return { [field]: scope.t(`admin.organizations.${field}.taken`) };
  }
  return faultsOf(scope, error);
}

function within({ organizations }: AdminDeps, scope: Scope, id = ''): Organization {
  const found = organizations.find(id);
  if (!found || (scope.bound && !scope.bound.includes(id))) throw notFound('organization', id);
  return found;
}

export function treeOf({ organizations }: AdminDeps, scope: Scope) {
  const visible = new Set(organizations.below(scope.organization.id));
  const top = scope.organization.path.split('.').length;
  return organizations
    .all()
    .filter((one) => visible.has(one.id))
    .sort((a, b) => comparePaths(organizations, a, b))
    .map((one) => ({
      id: one.id,
      slug: one.slug,
      name: one.name,
      depth: Math.min(one.path.split('.').length - top, 3),
      law: jurisdictionName(scope.locale, one.jurisdiction),
      language: languageName(one.locale),
      hosts: organizations.hostsOf(one.id).join(', '),
      isComplete: isIdentityComplete(one.legal),
      isParty: one.parentId === undefined,
    }));
}

/** Each chapter below its own parent, by name among its sisters. */
function comparePaths(all: AdminDeps['organizations'], a: Organization, b: Organization): number {
  const names = (one: Organization) =>
    one.path.split('.').map((id) => `${all.find(id)?.name ?? ''}\u0000${id}`);
  const [left, right] = [names(a), names(b)];
  const at = left.findIndex((name, index) => name !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at] ?? '').localeCompare(right[at] ?? '');
}
