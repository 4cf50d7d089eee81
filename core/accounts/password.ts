// Passwords: argon2id with its parameters stated, and the same time for an address that nobody has.
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { randomToken } from '../secret.ts';

export const passwordLength = { min: 12, max: 200 };

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. The algorithm is 2: argon2id. */
export const argon2Parameters = {
  algorithm: 2,
  memoryCost: 19456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const;

export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), argon2Parameters);
}

let nobodys: Promise<string> | undefined;

/** An account without a password costs the same time as one with: nothing can be learned from the clock. */
export async function passwordFits(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  if (passwordHash) return verify(passwordHash, normal(password));
  nobodys ??= hashPassword(randomToken());
  await verify(await nobodys, normal(password));
  return false;
}

/** Whether it was hashed with other parameters than today's. */
export function isOutdated(passwordHash: string): boolean {
  const was = parseOptions(passwordHash);
  return (
    was.memoryCost !== argon2Parameters.memoryCost ||
    was.timeCost !== argon2Parameters.timeCost ||
    was.parallelism !== argon2Parameters.parallelism
  );
}

/** An é typed on one keyboard is the é of another; spaces at the ends do not reach us through forms. */
function normal(password: string): string {
  return password.trim().normalize('NFKC');
}
