// What the routes of the accounts share: going on, staying out of caches, saying a refusal on the page.
import { faultsOf, forbidden, isAppError } from '../../errors.ts';
import type { Context } from '../../http/context.ts';
import type { AccountDeps } from '../deps.ts';
import type { Origin } from '../origin.ts';
import { readSession, type StaffSession } from '../session.ts';

export interface Refusal {
  /** In the reader's language. */
  sentence: string;
  status: number;
  /** By field, when the input is to blame. */
  faults: Record<string, string>;
}

export function goTo(ctx: Context, href: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(href);
  ctx.status = 303;
}

export function originOf(ctx: Context): Origin {
  return { ip: ctx.ip, agent: ctx.get('User-Agent') };
}

/** An address inside the admin, so that nobody is led elsewhere by a link to our log-in. */
export function insideOnly(next: unknown): string {
  const isInside = typeof next === 'string' && /^\/admin(?:[/?#][^\\\s]*)?$/.test(next);
  return isInside ? next : '/admin';
}

/** Runs `act`; a no of the accounts, or of the input, comes back to be shown where it was typed. */
export async function tried<T>(
  ctx: Context,
  act: () => Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; refusal: Refusal }> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    const refusal = refusalOf(ctx, error);
    if (!refusal) throw error;
    return { ok: false, refusal };
  }
}

/** Read in the scope's transaction, so that a request of a chapter's staff holds one connection only. */
export function sessionOf(deps: AccountDeps, ctx: Context): Promise<StaffSession | undefined> {
  return ctx.scope.write((own) =>
    readSession({ ...deps, database: { db: own.db } }, ctx.headers.cookie),
  );
}

/** Of a member of staff who is in; whoever is on the way in has nothing here. */
export async function ownSession(deps: AccountDeps, ctx: Context): Promise<StaffSession> {
  const session = await sessionOf(deps, ctx);
  if (!session || session.secondFactorNeeded) throw forbidden('core.account');
  return session;
}

function refusalOf(ctx: Context, error: unknown): Refusal | undefined {
  if (!isAppError(error)) return undefined;
  if (error.code === 'core.invalid') {
    return { sentence: '', status: 422, faults: faultsOf(ctx.scope, error) };
  }
  if (!error.code.startsWith('accounts.')) return undefined;
  return { sentence: ctx.scope.t(error.code), status: error.status, faults: {} };
}
