// A link that a text message has room for: twelve signs that only its reader has, and the page that they lead to.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { optOut } from './opt-out.ts';
import { findByShort, type Shortened } from './short.sql.ts';

/** As a random UUID is written, up to the signs that are not random any more: sixty bits are. */
const random = /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-/;
/** Signs that nobody takes for one another (Crockford's base 32). */
const signs = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 12;

/** `undefined`: the message's key is not of the kind. */
export function shortPathOf(key: string): string | undefined {
  const [, ...parts] = random.exec(key) ?? [];
  if (parts.length === 0) return undefined;
  let left = BigInt(`0x${parts.join('')}`);
  let code = '';
  for (let at = 0; at < length; at += 1) {
    code = signs[Number(left % 32n)] + code;
    left /= 32n;
  }
  return `/s/${code}`;
}

/** As long as a real one. */
export const sampleShort = `/s/${'x'.repeat(length)}`;

/** How the key of its message begins. */
export function headIn(code: string): string | undefined {
  const places = [...code.toLowerCase()].map((sign) => signs.indexOf(sign));
  if (places.length !== length || places.includes(-1)) return undefined;
  const whole = places.reduce((sum, place) => sum * 32n + BigInt(place), 0n);
  const hex = whole.toString(16).padStart(15, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12)}`;
}

/** The message that the link stood in; `undefined` for what we never wrote, or of somebody who was erased. */
export async function openShort(scope: Scope, code: string): Promise<Shortened | undefined> {
  const head = headIn(code);
  return head === undefined ? undefined : findByShort(scope, head);
}

/** The same as a stop by text message; twice is the same. */
export async function stopBy(scope: Scope, deps: Deps, found: Shortened): Promise<void> {
  await optOut(scope, deps, { number: found.number, messageId: found.id, by: 'link' });
}
