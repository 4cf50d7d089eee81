// Tokens, as those who may manage them see them: what there is and when it was last used, a new one, an end to one.
import { type Context, type Form, permit, type Router, router } from '../../http/context.ts';
import { dayOf } from '../../law/timeline.ts';
import type { AccountDeps } from '../deps.ts';
import { permissionsOfAll } from '../roles.ts';
import { findTokens } from '../token.sql.ts';
import { longestDays, makeToken, permissionsToLend, revokeToken } from '../token.ts';
import { tried } from './answer.ts';
import { TokenForm } from './forms.ts';

const list = '/admin/tokens';
const mayManage = permit('core.token.manage');
/** Days that a new one lasts unless said otherwise. */
const usualDays = 90;

export function tokenRoutes(deps: AccountDeps): Router {
  const routes = router();
  routes.get(list, mayManage, (ctx) => show(deps, ctx));

  routes.post(list, mayManage, async (ctx) => {
    const form = await ctx.form(TokenForm);
    if (!form.ok) return show(deps, ctx, form);
    const answer = await tried(ctx, () => makeToken(deps, ctx.scope, form.value));
    if (!answer.ok) {
      const { faults, status } = answer.refusal;
      return show(deps, ctx, { values: form.values, faults }, status);
    }
    const data = { token: answer.value, name: form.value.name, ...addressOf(deps, ctx) };
    await ctx.render('accounts/token-made', data);
  });

  routes.post(`${list}/:id/revoke`, mayManage, async (ctx) => {
    await revokeToken(deps, ctx.scope, String(ctx.params.id));
    ctx.done(list, 'accounts.token.revoked');
  });
  return routes;
}

async function show(
  deps: AccountDeps,
  ctx: Context,
  form?: Pick<Form<unknown>, 'values' | 'faults'>,
  status?: number,
): Promise<void> {
  const { scope } = ctx;
  const words = new Map(permissionsOfAll(deps.registry).map((one) => [one.id, one.words]));
  const say = (id: string) => scope.t(words.get(id) ?? id);
  const offered = permissionsToLend(deps, scope).map(({ id }) => ({ value: id, label: say(id) }));
  const now = scope.now();
  const tokens = (await findTokens(scope)).map((one) => ({
    ...one,
    may: one.permissions.map(say),
    place: deps.organizations.find(one.organizationId)?.name ?? '',
    state: one.revokedAt ? 'revoked' : one.expiresAt > now ? 'works' : 'over',
  }));
  const days = { first: dayIn(scope, 0), usual: dayIn(scope, usualDays) };
  const data = {
    form: form ?? { values: { until: days.usual }, faults: {} },
    ...{ tokens, offered, first: days.first, last: dayIn(scope, longestDays) },
  };
  await ctx.render('accounts/tokens', data, status);
}

function dayIn(scope: Context['scope'], days: number): string {
  const then = new Date(scope.now().getTime() + days * 24 * 3_600_000);
  return dayOf(then, scope.organization.timeZone);
}

/** Where a program asks; of a chapter its name stands in it. */
function addressOf({ config }: AccountDeps, { scope }: Context) {
  const { parentId, slug } = scope.organization;
  return { address: `${config.url}/api/v1${parentId ? `/@${slug}` : ''}` };
}
