// The doors: log in by password, link or invitation, the second factor, and out.
import { type Context, type Form, type Router, router } from '../../http/context.ts';
import { findAccount } from '../account.sql.ts';
import type { AccountDeps } from '../deps.ts';
import type { LinkRow } from '../link.sql.ts';
import { findLink, momentOf, sendLogInLink } from '../link.ts';
import { logIn, logInByLink, logOut, setPasswordByLink } from '../log-in.ts';
import { cookieFor, cookieGone, secondFactorPath, tokenOf } from '../session.ts';
import { goTo, insideOnly, originOf, type Refusal, sessionOf, tried } from './answer.ts';
import { EmptyForm, LinkForm, LogInForm, NewPasswordForm, NextFilter } from './forms.ts';
import { secondFactorRoutes } from './second-factor.ts';

export function publicRoutes(deps: AccountDeps): Router {
  const routes = router();
  logInRoutes(deps, routes);
  linkRoutes(deps, routes);
  secondFactorRoutes(deps, routes);
  routes.post('/account/log-out', async (ctx) => {
    const token = tokenOf(ctx.headers.cookie, deps.config.url);
    if (token) await logOut(deps, ctx.scope, token);
    ctx.append('Set-Cookie', cookieGone(deps.config.url));
    goTo(ctx, '/account/log-in');
  });
  return routes;
}

function logInRoutes(deps: AccountDeps, routes: Router): void {
  routes.get('/account/log-in', async (ctx) => {
    const next = insideOnly(ctx.filters(NextFilter).next);
    const session = await sessionOf(deps, ctx);
    if (session) return goTo(ctx, secondFactorPath(session) ?? next);
    await showLogIn(ctx, { values: { next }, faults: {} });
  });

  routes.post('/account/log-in', async (ctx) => {
    const form = await ctx.form(LogInForm);
    if (!form.ok) return showLogIn(ctx, form);
    const attempt = { ...form.value, ...originOf(ctx) };
    const answer = await tried(ctx, () => logIn(deps, ctx.scope, attempt));
    if (!answer.ok) return showLogIn(ctx, form, answer.refusal);
    enter(deps, ctx, answer.value, form.value.next);
  });

  routes.get('/account/log-in-link', (ctx) =>
    ctx.render('accounts/log-in-link', { form: { values: {}, faults: {} } }),
  );

  routes.post('/account/log-in-link', async (ctx) => {
    const form = await ctx.form(LinkForm);
    if (!form.ok) return ctx.render('accounts/log-in-link', { form });
    const { email, purpose } = form.value;
    const request = {
      email,
      purpose: purpose === 'reset' ? purpose : 'log-in',
      ip: ctx.ip,
    } as const;
    const answer = await tried(ctx, () => sendLogInLink(deps, ctx.scope, request));
    if (answer.ok) return ctx.render('accounts/link-sent', { email });
    const { sentence, status } = answer.refusal;
    await ctx.render('accounts/log-in-link', { form, refusal: sentence }, status);
  });
}

function linkRoutes(deps: AccountDeps, routes: Router): void {
  routes.get('/account/link/:token', async (ctx) => {
    const link = await findLink(momentOf(deps), tokenIn(ctx));
    await showLink(deps, ctx, link, { values: {}, faults: {} });
  });

  routes.post('/account/link/:token', async (ctx) => {
    const token = tokenIn(ctx);
    const link = await findLink(momentOf(deps), token);
    const mayChoose = link?.purpose === 'invite' || link?.purpose === 'reset';
    const form = mayChoose ? await ctx.form(NewPasswordForm) : await ctx.form(EmptyForm);
    if (!link || !form.ok) return showLink(deps, ctx, link, form);
    const password = 'password' in form.value ? String(form.value.password) : undefined;
    const answer = await tried(ctx, () =>
      password === undefined
        ? logInByLink(deps, ctx.scope, token, originOf(ctx))
        : setPasswordByLink(deps, ctx.scope, token, { password, ...originOf(ctx) }),
    );
    if (!answer.ok) {
      const { faults, status } = answer.refusal;
      return showLink(deps, ctx, status === 422 ? link : undefined, { values: {}, faults });
    }
    enter(deps, ctx, answer.value);
  });
}

/** A new token each time, so that one planted before the log-in is worth nothing after it. */
function enter(deps: AccountDeps, ctx: Context, token: string, next?: string): void {
  ctx.append('Set-Cookie', cookieFor(token, deps.config.url));
  goTo(ctx, insideOnly(next));
}

function showLogIn(
  ctx: Context,
  form: Pick<Form<unknown>, 'values' | 'faults'>,
  refusal?: Refusal,
): Promise<void> {
  const { email, next } = form.values;
  const shown = { values: { email, next: insideOnly(next) }, faults: form.faults };
  const data = { form: shown, refusal: refusal?.sentence };
  return ctx.render('accounts/log-in', data, refusal?.status);
}

async function showLink(
  deps: AccountDeps,
  ctx: Context,
  link: LinkRow | undefined,
  form: Pick<Form<unknown>, 'values' | 'faults'>,
): Promise<void> {
  const account = link?.accountId && (await findAccount(deps.database.db, link.accountId));
  if (!link || !account) return ctx.render('accounts/link-spent', {}, 410);
  const data = { email: account.email, name: account.name, purpose: link.purpose };
  const status = Object.keys(form.faults).length > 0 ? 422 : undefined;
  await ctx.render('accounts/link', { ...data, faults: form.faults }, status);
}

function tokenIn(ctx: Context): string {
  return String(ctx.params.token ?? '');
}
