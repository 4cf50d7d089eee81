// Staff, as those who may manage them see them: who is there, inviting, roles, shutting an account.
import { type Context, permit, type Router, router } from '../../http/context.ts';
import type { Organization } from '../../organizations/organization.ts';
import type { StaffRow } from '../account.sql.ts';
import type { AccountDeps } from '../deps.ts';
import { permissionsOfAll, type Role, roles } from '../roles.ts';
import {
  disableStaff,
  enableStaff,
  endSessions,
  grantableRoles,
  grantRole,
  inviteAgain,
  inviteStaff,
  listStaff,
  readStaff,
  resetStaffSecondFactor,
  withdrawRole,
} from '../staff.ts';
import type { HeldRole } from '../standing.ts';
import { tried } from './answer.ts';
import { GrantForm, InviteForm, WithdrawForm } from './forms.ts';

const list = '/admin/staff';
const mayManage = permit('core.staff.manage');

export function staffRoutes(deps: AccountDeps): Router {
  const routes = router();
  routes.get(list, mayManage, async (ctx) => {
    const { compare } = new Intl.Collator(ctx.scope.locale);
    const staff = (await listStaff(ctx.scope)).sort((a, b) => compare(a.name, b.name));
    await ctx.render('accounts/staff', { staff: staff.map((one) => inWords(deps, ctx, one)) });
  });
  routes.get(`${list}/roles`, mayManage, (ctx) =>
    ctx.render('accounts/roles', { roles: rolesInWords(deps, ctx) }),
  );
  inviteRoutes(deps, routes);
  roleRoutes(deps, routes);
  deedRoutes(deps, routes);
  return routes;
}

function inviteRoutes(deps: AccountDeps, routes: Router): void {
  const showInvite = (ctx: Context, form: object, refusal?: string, status?: number) => {
    const offered = grantableRoles(deps, ctx.scope).map((role) => choiceOf(ctx, role));
    return ctx.render('accounts/invite', { form, refusal, offered }, status);
  };

  routes.get(`${list}/invite`, mayManage, (ctx) =>
    showInvite(ctx, { values: { role: 'chapter-volunteer' }, faults: {} }),
  );

  routes.post(`${list}/invite`, mayManage, async (ctx) => {
    const form = await ctx.form(InviteForm);
    if (!form.ok) return showInvite(ctx, form);
    const { email, name } = form.value;
    const invited = { email, name, role: form.value.role as Role };
    const answer = await tried(ctx, () => inviteStaff(deps, ctx.scope, invited));
    if (!answer.ok) return showInvite(ctx, form, answer.refusal.sentence, answer.refusal.status);
    ctx.done(list, 'accounts.invited', { email });
  });
}

function roleRoutes(deps: AccountDeps, routes: Router): void {
  routes.get(`${list}/:id`, mayManage, (ctx) => showOne(deps, ctx));

  routes.post(`${list}/:id/roles`, mayManage, async (ctx) => {
    const form = await ctx.form(GrantForm);
    if (!form.ok) return showOne(deps, ctx, Object.values(form.faults)[0], 422);
    const { organizationId } = form.value;
    const held = { organizationId, role: form.value.role as Role };
    await grantRole(deps, ctx.scope, idIn(ctx), held);
    ctx.done(`${list}/${idIn(ctx)}`, 'accounts.role.granted');
  });

  routes.post(`${list}/:id/roles/withdraw`, mayManage, async (ctx) => {
    const form = await ctx.form(WithdrawForm);
    if (!form.ok) return showOne(deps, ctx, Object.values(form.faults)[0], 422);
    const held: HeldRole = form.value;
    const answer = await tried(ctx, () => withdrawRole(deps, ctx.scope, idIn(ctx), held));
    if (!answer.ok) return showOne(deps, ctx, answer.refusal.sentence, answer.refusal.status);
    ctx.done(list, 'accounts.role.withdrawn');
  });
}

type Deed = (deps: AccountDeps, scope: Context['scope'], id: string) => Promise<void>;
/** Last part of the address, what it does, and what is said of it. */
const deeds: [string, Deed, string][] = [
  ['disable', disableStaff, 'accounts.disabled'],
  ['enable', enableStaff, 'accounts.enabled'],
  ['sessions/end', endSessions, 'accounts.sessions.ended'],
  ['second-factor/reset', resetStaffSecondFactor, 'accounts.factor.reset'],
  ['invite', inviteAgain, 'accounts.invited-again'],
];

function deedRoutes(deps: AccountDeps, routes: Router): void {
  for (const [path, act, message] of deeds) {
    routes.post(`${list}/:id/${path}`, mayManage, async (ctx) => {
      const answer = await tried(ctx, () => act(deps, ctx.scope, idIn(ctx)));
      if (!answer.ok) return showOne(deps, ctx, answer.refusal.sentence, answer.refusal.status);
      ctx.done(`${list}/${idIn(ctx)}`, message);
    });
  }
}

async function showOne(
  deps: AccountDeps,
  ctx: Context,
  refusal?: string,
  status?: number,
): Promise<void> {
  const staff = await readStaff(ctx.scope, idIn(ctx));
  const below = deps.organizations.below(ctx.scope.organization.id);
  const places = below
    .map((id) => deps.organizations.find(id))
    .filter((found): found is Organization => found !== undefined)
    .map((found) => ({ value: found.id, label: found.name }));
  const offered = grantableRoles(deps, ctx.scope).map((role) => choiceOf(ctx, role));
  const isSelf = ctx.scope.actor.kind === 'staff' && ctx.scope.actor.accountId === staff.id;
  const data = { staff: inWords(deps, ctx, staff), places, offered, isSelf, refusal };
  await ctx.render('accounts/staff-one', data, status);
}

function inWords(deps: AccountDeps, ctx: Context, staff: StaffRow) {
  const held = staff.roles.map((one) => ({
    ...one,
    words: ctx.scope.t(`accounts.role.${one.role}`),
    place: deps.organizations.find(one.organizationId)?.name ?? '',
    isHere: one.organizationId === ctx.scope.organization.id,
  }));
  return { ...staff, held };
}

function choiceOf(ctx: Context, role: Role) {
  return {
    value: role,
    label: ctx.scope.t(`accounts.role.${role}`),
    hint: ctx.scope.t(`accounts.role.${role}.about`),
  };
}

function rolesInWords(deps: AccountDeps, ctx: Context) {
  const all = permissionsOfAll(deps.registry);
  return roles.map((role) => ({
    ...choiceOf(ctx, role),
    may: all
      .filter((permission) => permission.roles.includes(role))
      .map((permission) => ctx.scope.t(permission.words)),
  }));
}

function idIn(ctx: Context): string {
  return String(ctx.params.id ?? '');
}
