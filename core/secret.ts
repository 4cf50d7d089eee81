// Keys derived from the install's one secret, sealing of what is kept, and random tokens.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Seals } from './services.ts';

const ivBytes = 12;
const tagBytes = 16;

/** A key of 32 bytes for one purpose, e.g. `accounts.totp`; no purpose learns another's key. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  const known = derived.get(secret) ?? new Map<string, Buffer>();
  derived.set(secret, known);
  const key = known.get(purpose) ?? Buffer.from(hkdfSync('sha256', secret, 'rostra', purpose, 32));
  if (known.size < keysMost) known.set(purpose, key);
  return key;
}

/** A link in each of many letters is sealed by the same key: it is derived once. */
const derived = new WeakMap<Buffer, Map<string, Buffer>>();
const keysMost = 200;

/** Names the secret that sealed something, without telling anything of it. */
export function keyId(secret: Buffer): string {
  return deriveKey(secret, 'key id').toString('hex', 0, 4);
}

/** AES-256-GCM: `v1.<key id>.<iv, text and tag>`; opens only for the same purpose. */
export function seal(secret: Buffer, purpose: string, text: string): string {
  const head = `v1.${keyId(secret)}`;
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret, purpose), iv);
  cipher.setAAD(Buffer.from(`${head}.${purpose}`));
  const body = Buffer.concat([
    iv,
    cipher.update(text, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `${head}.${body.toString('base64url')}`;
}

/**
 * The text again; throws when it was tampered with or sealed by a secret that is not at hand.
 * After a rotation several secrets are given, the one in use first.
 */
export function open(secrets: Buffer | readonly Buffer[], purpose: string, sealed: string): string {
  const [version, id, encoded] = sealed.split('.');
  const secret = [secrets].flat().find((candidate) => keyId(candidate) === id);
  if (version !== 'v1' || !encoded) throw new Error(`${purpose}: this is no sealed text`);
  if (!secret) throw new Error(`${purpose}: sealed under another secret (key ${id})`);
  const body = Buffer.from(encoded, 'base64url');
  const decipher = createDecipheriv(
    'aes-256-gcm',
    deriveKey(secret, purpose),
    body.subarray(0, ivBytes),
    { authTagLength: tagBytes },
  );
  decipher.setAAD(Buffer.from(`${version}.${id}.${purpose}`));
  decipher.setAuthTag(body.subarray(-tagBytes));
  const text = decipher.update(body.subarray(ivBytes, -tagBytes));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

/** For links and sessions: 256 bits that fit into an address. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** What is kept of a random token: enough to know it again, not to use it. */
export function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** What is kept of something that could be guessed (an address, a short code): useless without the secret. */
export function keyedDigest(secret: Buffer, purpose: string, text: string): Buffer {
  return createHmac('sha256', deriveKey(secret, purpose)).update(text).digest();
}

/** Compares in constant time; unequal lengths are unequal. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

export function makeSeals(secret: Buffer, plugin: string): Seals {
  const purpose = `plugin ${plugin}`;
  return {
    seal: async (_scope, text) => seal(secret, purpose, text),
    open: async (_scope, sealed) => open(secret, purpose, sealed),
    mark: async (_scope, text) =>
      keyedDigest(secret, `${purpose} mark`, text).toString('hex', 0, 8),
  };
}
