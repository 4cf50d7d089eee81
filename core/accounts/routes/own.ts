// One's own account: name and language, password, second factor, and where one is logged in.

import { languageName } from '../../admin/place.ts';
import { type Context, type Form, type Router, router } from '../../http/context.ts';
import { findAccount } from '../account.sql.ts';
import { changePassword, changeProfile } from '../account.ts';
import type { AccountDeps } from '../deps.ts';
import { countRecoveryCodes } from '../second-factor.sql.ts';
import { disableTotp, makeRecoveryCodes } from '../second-factor.ts';
import { deleteSession, findSessionsOf } from '../session.sql.ts';
import { revokeSessions, type StaffSession } from '../session.ts';
import { ownSession, type Refusal, tried } from './answer.ts';
import { ChangePasswordForm, EmptyForm, ProfileForm, ShowPasswordForm } from './forms.ts';

const here = '/admin/account';
type Shown = Record<string, Pick<Form<unknown>, 'values' | 'faults'>>;

export function ownRoutes(deps: AccountDeps): Router {
  const routes = router();
  routes.get(here, async (ctx) => show(deps, ctx, await ownSession(deps, ctx)));

  routes.post(`${here}/profile`, async (ctx) => {
    const session = await ownSession(deps, ctx);
    const form = await ctx.form(ProfileForm);
    if (!form.ok) return show(deps, ctx, session, { profile: form });
    const { name, language } = form.value;
    const locale = deps.locales.known.includes(language) ? language : session.locale;
    await changeProfile(ctx.scope, session.accountId, { name, locale });
    ctx.done(here, 'accounts.profile.saved');
  });

  passwordRoutes(deps, routes);
  sessionRoutes(deps, routes);
  return routes;
}

function passwordRoutes(deps: AccountDeps, routes: Router): void {
  routes.post(`${here}/password`, async (ctx) => {
    const session = await ownSession(deps, ctx);
    const form = await ctx.form(ChangePasswordForm);
    if (!form.ok) return show(deps, ctx, session, { password: form });
    const answer = await tried(ctx, () => changePassword(deps, ctx.scope, session, form.value));
    if (!answer.ok) return showRefusal(deps, ctx, session, 'password', answer.refusal);
    ctx.done(here, 'accounts.password.changed');
  });

  routes.post(`${here}/two-factor/off`, async (ctx) => {
    const session = await ownSession(deps, ctx);
    const form = await ctx.form(ShowPasswordForm);
    if (!form.ok) return show(deps, ctx, session, { factor: form });
    const { accountId } = session;
    const answer = await tried(ctx, () =>
      disableTotp(deps, ctx.scope, accountId, form.value.password),
    );
    if (!answer.ok) return showRefusal(deps, ctx, session, 'factor', answer.refusal);
    ctx.done('/account/two-factor/set-up', 'accounts.factor.is-off');
  });

  routes.post(`${here}/two-factor/codes`, async (ctx) => {
    const session = await ownSession(deps, ctx);
    await ctx.form(EmptyForm);
    if (!session.hasSecondFactor) return ctx.done(here, 'accounts.factor.is-off');
    const codes = await ctx.scope.write((own) => makeRecoveryCodes(deps, own, session.accountId));
    await ctx.render('accounts/recovery-codes', { codes });
  });
}

function sessionRoutes(deps: AccountDeps, routes: Router): void {
  routes.post(`${here}/sessions/others/end`, async (ctx) => {
    const session = await ownSession(deps, ctx);
    await ctx.scope.write((own) => revokeSessions(own.db, session.accountId, session.id));
    ctx.done(here, 'accounts.sessions.ended');
  });

  routes.post(`${here}/sessions/:id/end`, async (ctx) => {
    const session = await ownSession(deps, ctx);
    const id = String(ctx.params.id);
    if (/^\d{1,18}$/.test(id)) {
      await ctx.scope.write((own) => deleteSession(own.db, session.accountId, id));
    }
    ctx.done(here, 'accounts.sessions.ended');
  });
}

function showRefusal(
  deps: AccountDeps,
  ctx: Context,
  session: StaffSession,
  form: 'password' | 'factor',
  refusal: Refusal,
): Promise<void> {
  const fields = { password: 'current', factor: 'password' };
  const faults = refusal.sentence ? { [fields[form]]: refusal.sentence } : refusal.faults;
  return show(deps, ctx, session, { [form]: { values: {}, faults } }, refusal.status);
}

async function show(
  deps: AccountDeps,
  ctx: Context,
  session: StaffSession,
  forms: Shown = {},
  status?: number,
): Promise<void> {
  const { account, sessions, codesLeft } = await ctx.scope.write(async ({ db }) => ({
    account: await findAccount(db, session.accountId),
    sessions: await findSessionsOf(db, session.accountId, ctx.scope.now()),
    codesLeft: await countRecoveryCodes(db, session.accountId),
  }));
  const data = {
    profile: forms.profile ?? {
      values: { name: session.name, language: session.locale },
      faults: {},
    },
    password: forms.password ?? { values: {}, faults: {} },
    factor: forms.factor ?? { values: {}, faults: {} },
    email: session.email,
    languages: deps.locales.known.map((tag) => ({ value: tag, label: languageName(tag) })),
    hasPassword: Boolean(account?.passwordHash),
    hasSecondFactor: session.hasSecondFactor,
    codesLeft,
    sessions: sessions.map((one) => ({ ...one, isThis: one.id === session.id })),
  };
  await ctx.render('accounts/own', data, status);
}
