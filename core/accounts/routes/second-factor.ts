// The second factor on the way in: showing a code, or setting it up where the role demands it.
import type { Context, Router } from '../../http/context.ts';
import type { AccountDeps } from '../deps.ts';
import { checkTotp, confirmTotp, enableTotp } from '../second-factor.ts';
import { cookieFor, type StaffSession } from '../session.ts';
import { goTo, type Refusal, sessionOf, tried } from './answer.ts';
import { CodeForm } from './forms.ts';

export function secondFactorRoutes(deps: AccountDeps, routes: Router): void {
  routes.get('/account/two-factor', async (ctx) => {
    if (await waitingFor(deps, ctx, 'check')) await showCheck(ctx);
  });

  routes.post('/account/two-factor', async (ctx) => {
    const session = await waitingFor(deps, ctx, 'check');
    if (!session) return;
    const form = await ctx.form(CodeForm);
    if (!form.ok) return showCheck(ctx, { sentence: '', status: 422, faults: form.faults });
    const answer = await tried(ctx, () => checkTotp(deps, ctx.scope, session, form.value.code));
    if (!answer.ok) return showCheck(ctx, answer.refusal);
    ctx.append('Set-Cookie', cookieFor(answer.value, deps.config.url));
    goTo(ctx, '/admin');
  });

  routes.get('/account/two-factor/set-up', async (ctx) => {
    const session = await waitingFor(deps, ctx, 'enrol');
    if (session) await showSetUp(deps, ctx, session);
  });

  routes.post('/account/two-factor/set-up', async (ctx) => {
    const session = await waitingFor(deps, ctx, 'enrol');
    if (!session) return;
    const form = await ctx.form(CodeForm);
    if (!form.ok) {
      return showSetUp(deps, ctx, session, { sentence: '', status: 422, faults: form.faults });
    }
    const answer = await tried(ctx, () => confirmTotp(deps, ctx.scope, session, form.value.code));
    if (!answer.ok) return showSetUp(deps, ctx, session, answer.refusal);
    ctx.append('Set-Cookie', cookieFor(answer.value.token, deps.config.url));
    await ctx.render('accounts/recovery-codes', { codes: answer.value.recoveryCodes });
  });
}

/** The session, if this page is for it; who is through already, or not logged in, is led on. */
async function waitingFor(
  deps: AccountDeps,
  ctx: Context,
  what: 'check' | 'enrol',
): Promise<StaffSession | undefined> {
  const session = await sessionOf(deps, ctx);
  if (!session) goTo(ctx, '/account/log-in');
  else if (isFor(session, what)) return session;
  else goTo(ctx, session.secondFactorNeeded === 'check' ? '/account/two-factor' : '/admin/account');
  return undefined;
}

/** It may be set up by everybody who is in, but not by who still owes the code. */
function isFor(session: StaffSession, what: 'check' | 'enrol'): boolean {
  if (what === 'check') return session.secondFactorNeeded === 'check';
  return !session.hasSecondFactor;
}

function showCheck(ctx: Context, refusal?: Refusal): Promise<void> {
  const data = { refusal: refusal?.sentence, faults: refusal?.faults ?? {} };
  return ctx.render('accounts/two-factor', data, refusal?.status);
}

async function showSetUp(
  deps: AccountDeps,
  ctx: Context,
  session: StaffSession,
  refusal?: Refusal,
): Promise<void> {
  const { secret, qr } = await enableTotp(deps, ctx.scope, session.accountId);
  const data = {
    qr,
    secret: secret.match(/.{1,4}/g)?.join(' '),
    isDemanded: session.secondFactorNeeded === 'enrol',
    refusal: refusal?.sentence,
    faults: refusal?.faults ?? {},
  };
  await ctx.render('accounts/two-factor-set-up', data, refusal?.status);
}
