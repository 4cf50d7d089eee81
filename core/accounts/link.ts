// One-time links: to log in, to accept an invitation, to choose a new password, to set up the party.
import { setTimeout as wait } from 'node:timers/promises';
import { refused } from '../errors.ts';
import { makeLimits } from '../limit.ts';
import type { Scope } from '../scope.ts';
import { digest, randomToken } from '../secret.ts';
import { type AccountRow, findAccountByEmail } from './account.sql.ts';
import type { AccountDeps } from './deps.ts';
import {
  deleteOpenLinks,
  findLinkByHash,
  insertLink,
  type LinkRow,
  spendLink,
} from './link.sql.ts';
import { rateIp } from './origin.ts';
import { wholeOf } from './standing.ts';

export type LinkPurpose = 'log-in' | 'invite' | 'setup' | 'reset';

const minute = 60_000;
export const linkLasts: Readonly<Record<LinkPurpose, number>> = {
  'log-in': 15 * minute,
  reset: 15 * minute,
  setup: 60 * minute,
  invite: 7 * 24 * 60 * minute,
};

/** An answer never comes sooner than this, so that mailing a link takes no longer than not mailing one. */
const answersAfter = 400;

type Moment = Pick<Scope, 'db' | 'now'>;

/** Answers the token; links of the same purpose that were not used end. */
export async function createLink(
  moment: Moment,
  purpose: LinkPurpose,
  accountId: string | undefined,
): Promise<string> {
  const token = randomToken();
  const now = moment.now();
  const owner = accountId ?? null;
  await deleteOpenLinks(moment.db, { accountId: owner, purposes: [purpose] });
  await insertLink(moment.db, {
    hash: digest(token),
    purpose,
    accountId: owner,
    now,
    expiresAt: new Date(now.getTime() + linkLasts[purpose]),
  });
  return token;
}

export function addressOf(deps: Pick<AccountDeps, 'config'>, token: string): string {
  return `${deps.config.url}/account/link/${token}`;
}

/** What a link is for, without using it: mail scanners open links too. */
export function findLink(moment: Moment, token: string): Promise<LinkRow | undefined> {
  return findLinkByHash(moment.db, digest(token), moment.now());
}

/** Uses the link up; refused when it is spent, late or none. */
export async function useLink(
  moment: Moment,
  token: string,
  purposes: readonly LinkPurpose[],
): Promise<LinkRow> {
  const found = await findLink(moment, token);
  const fits = found && purposes.includes(found.purpose);
  const link = fits && (await spendLink(moment.db, digest(token), moment.now()));
  if (!link) throw refused('accounts.link-spent', { status: 410 });
  return link;
}

/** Those that were mailed and not used open nothing any more, e.g. after the password was changed. */
export function endLinks(moment: Pick<Scope, 'db'>, accountId: string): Promise<void> {
  return deleteOpenLinks(moment.db, { accountId, purposes: ['log-in', 'reset', 'invite'] });
}

/** Mails a link if the address is known; the answer, and the time it takes, are the same if not. */
export async function sendLogInLink(
  deps: AccountDeps,
  scope: Scope,
  request: { email: string; ip: string; purpose?: 'log-in' | 'reset' },
): Promise<void> {
  const limits = makeLimits(deps.config);
  const email = request.email.trim().toLowerCase();
  const fromHere = await limits.take(scope, `link-ip:${rateIp(request.ip)}`, 20, 3600);
  if (!fromHere) throw refused('accounts.too-many-tries', { status: 429 });
  const toThem = await limits.take(scope, `link:${email}`, 3, 900);
  const work = toThem ? mailLink(deps, email, request.purpose ?? 'log-in') : undefined;
  await Promise.all([work, wait(answersAfter)]);
}

async function mailLink(
  deps: AccountDeps,
  email: string,
  purpose: 'log-in' | 'reset',
): Promise<void> {
  const account = await findAccountByEmail(deps.database.db, email);
  if (!account || account.disabledAt) return;
  await mailLinkTo(deps, account, purpose);
}

/** In the account's own language, from the nearest organization that sees the whole account. */
export async function mailLinkTo(
  deps: AccountDeps,
  account: Pick<AccountRow, 'id' | 'email' | 'name' | 'locale' | 'roles'>,
  purpose: 'log-in' | 'reset',
): Promise<void> {
  const home = wholeOf(deps.organizations, account.roles);
  if (!home) return;
  const actor = { kind: 'system', name: 'accounts' } as const;
  const request = { organizationId: home.id, actor, locale: account.locale };
  await deps.scopes.with(request, (reader) =>
    reader.write(async (own) => {
      const token = await createLink(own, purpose, account.id);
      const data = { name: account.name, href: addressOf(deps, token), purpose };
      await deps.mail(own, { to: account.email, view: 'accounts/link', data, holdsKey: true });
    }),
  );
}

type SetupDeps = Pick<AccountDeps, 'config' | 'clock' | 'database' | 'organizations'>;

/** One hour, once, and only while there is no party; a newer link ends the older. */
export async function createSetupLink(deps: SetupDeps): Promise<string> {
  if (deps.organizations.root()) throw refused('accounts.already-set-up', {});
  const token = await createLink(momentOf(deps), 'setup', undefined);
  return `${deps.config.url}/setup/${token}`;
}

/** Whether the token of a setup link still works. */
export async function findSetupLink(deps: SetupDeps, token: string): Promise<boolean> {
  if (deps.organizations.root()) return false;
  return (await findLink(momentOf(deps), token))?.purpose === 'setup';
}

export async function useSetupLink(deps: SetupDeps, token: string): Promise<void> {
  await useLink(momentOf(deps), token, ['setup']);
}

/** The pool and the clock, where there is no scope yet, or the reader's would see their chapter only. */
export function momentOf(deps: Pick<AccountDeps, 'clock' | 'database'>): Moment {
  return { db: deps.database.db, now: () => deps.clock.now() };
}
