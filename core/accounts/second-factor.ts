// The second factor: a code of the telephone (TOTP), or one of ten recovery codes.
import { randomInt } from 'node:crypto';
import { invalid, refused } from '../errors.ts';
import { makeLimits } from '../limit.ts';
import type { Scope } from '../scope.ts';
import { digest, keyedDigest, open, randomToken, seal } from '../secret.ts';
import { type AccountRow, findAccount } from './account.sql.ts';
import type { AccountDeps } from './deps.ts';
import { passwordFits } from './password.ts';
import {
  confirmTotpSecret,
  deleteTotp,
  replaceRecoveryCodes,
  spendRecoveryCode,
  spendTotpStep,
  updatePendingTotp,
} from './second-factor.sql.ts';
import { renewSession } from './session.sql.ts';

type FactorDeps = Pick<AccountDeps, 'config' | 'audit'>;
interface Owner {
  /** The session's. */
  id: string;
  accountId: string;
}

const purpose = 'accounts.totp';
const tries = [5, 300] as const;
const recoveryCodes = 10;
/** Without the letters and figures that are taken for one another. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

/** Begins, or goes on with, setting it up: the secret, and the picture of it that a telephone reads. */
export async function enableTotp(
  deps: FactorDeps,
  scope: Scope,
  accountId: string,
): Promise<{ secret: string; qr: string }> {
  const { generateSecret, generateURI } = await import('otplib');
  const { toString } = await import('qrcode');
  const account = await mustFind(scope, accountId);
  if (account.totpConfirmedAt) throw refused('accounts.second-factor-is-on', {});
  const pending = account.totpSecret && open(deps.config.secret, purpose, account.totpSecret);
  const secret = pending || generateSecret();
  if (!pending) {
    const sealed = seal(deps.config.secret, purpose, secret);
    await scope.write((own) => updatePendingTotp(own.db, accountId, sealed));
  }
  const issuer = scope.organization.name;
  const uri = generateURI({ issuer, label: account.email, secret });
  const svg = await toString(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
  return { secret, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}

/** Turns it on once a code has proved that the telephone has the secret; answers codes to keep, shown once, and a new token. */
export async function confirmTotp(
  deps: FactorDeps,
  scope: Scope,
  owner: Owner,
  code: string,
): Promise<{ token: string; recoveryCodes: string[] }> {
  await takeTry(deps, scope, owner.accountId);
  const { totpSecret: sealed } = await mustFind(scope, owner.accountId);
  const step = sealed ? await stepOf(deps, scope, sealed, code) : undefined;
  if (!sealed || step === undefined) throw wrongCode();
  return scope.write(async (own) => {
    const { accountId } = owner;
    const isOn = await confirmTotpSecret(own.db, { accountId, sealed, step, now: own.now() });
    if (!isOn) throw refused('accounts.second-factor-is-on', {});
    await deps.audit.record(own, { act: 'account.second-factor-set', subject: about(accountId) });
    const codes = await makeRecoveryCodes(deps, own, accountId);
    return { token: await renew(own, owner), recoveryCodes: codes };
  });
}

/** After the password: the code, or a recovery code. Answers the session's new token. */
export async function checkTotp(
  deps: FactorDeps,
  scope: Scope,
  owner: Owner,
  code: string,
): Promise<string> {
  await takeTry(deps, scope, owner.accountId);
  if (!(await isCodeRight(deps, scope, owner.accountId, code))) throw wrongCode();
  await makeLimits(deps.config).giveBack(scope, tryKey(owner.accountId), ...tries);
  return scope.write((own) => renew(own, owner));
}

/** Turned off by its owner, who shows the password again. */
export async function disableTotp(
  deps: FactorDeps,
  scope: Scope,
  accountId: string,
  password: string,
): Promise<void> {
  await takeTry(deps, scope, accountId);
  const account = await mustFind(scope, accountId);
  if (!(await passwordFits(account.passwordHash, password))) {
    throw invalid([{ path: '/password', message: 'accounts.password.wrong' }]);
  }
  await scope.write((own) => resetTotp(deps, own, accountId));
}

/** For a lost telephone: the next log-in of a powerful role sets it up anew. */
export async function resetTotp(
  deps: Pick<AccountDeps, 'audit'>,
  scope: Scope,
  accountId: string,
): Promise<void> {
  await deleteTotp(scope.db, accountId);
  await deps.audit.record(scope, {
    act: 'account.second-factor-reset',
    subject: about(accountId),
  });
}

/** Ten new ones in place of the old. */
export async function makeRecoveryCodes(
  deps: Pick<AccountDeps, 'config'>,
  scope: Scope,
  accountId: string,
): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, newRecoveryCode);
  const hashes = codes.map((code) => recoveryHash(deps, code));
  await replaceRecoveryCodes(scope.db, accountId, hashes);
  return codes;
}

async function isCodeRight(
  deps: FactorDeps,
  scope: Scope,
  accountId: string,
  code: string,
): Promise<boolean> {
  const account = await mustFind(scope, accountId);
  if (!account.totpSecret || !account.totpConfirmedAt) return false;
  const step = await stepOf(deps, scope, account.totpSecret, code);
  return scope.write(async (own) => {
    if (step !== undefined) return spendTotpStep(own.db, accountId, step);
    const hash = recoveryHash(deps, code);
    const isSpent = await spendRecoveryCode(own.db, { accountId, hash, now: own.now() });
    if (isSpent) {
      await deps.audit.record(own, {
        act: 'account.recovery-code-used',
        subject: about(accountId),
      });
    }
    return isSpent;
  });
}

/** The time step that the code belongs to; the one before and the one after are taken too. */
async function stepOf(
  deps: FactorDeps,
  scope: Scope,
  sealed: string,
  typed: string,
): Promise<number | undefined> {
  const token = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const secret = open(deps.config.secret, purpose, sealed);
  const epoch = Math.floor(scope.now().getTime() / 1000);
  const { verify } = await import('otplib');
  const result = await verify({ secret, token, epoch, epochTolerance: 30 });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

async function renew(scope: Scope, owner: Owner): Promise<string> {
  const token = randomToken();
  await renewSession(scope.db, { id: owner.id, hash: digest(token), now: scope.now() });
  return token;
}

async function takeTry(deps: FactorDeps, scope: Scope, accountId: string): Promise<void> {
  const mayTry = await makeLimits(deps.config).take(scope, tryKey(accountId), ...tries);
  if (!mayTry) throw refused('accounts.too-many-tries', { status: 429 });
}

function tryKey(accountId: string): string {
  return `second-factor:${accountId}`;
}

function wrongCode(): Error {
  return invalid([{ path: '/code', message: 'accounts.code.wrong' }]);
}

function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

function recoveryHash(deps: Pick<AccountDeps, 'config'>, code: string): Buffer {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '');
  return keyedDigest(deps.config.secret, 'accounts.recovery', plain);
}

/** By a writing transaction, which sees it: one's own account may lie above the chapter that one works at. */
async function mustFind(scope: Scope, accountId: string): Promise<AccountRow> {
  const account = await scope.write((own) => findAccount(own.db, accountId));
  if (!account) throw new Error(`account ${accountId} is gone while its session is there`);
  return account;
}

function about(accountId: string): { type: string; id: string } {
  return { type: 'account', id: accountId };
}
