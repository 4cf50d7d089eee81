// What was just done, carried over one redirect of the admin in a sealed cookie that lives a minute.
import { open, seal } from '../secret.ts';
import type { HttpContext } from './visit.ts';

export interface Toast {
  /** Key in the locales. */
  message: string;
  params?: Record<string, unknown> | undefined;
}

const cookie = 'rostra_done';
const purpose = 'http.done';
const seconds = 60;

export function setToast(ctx: HttpContext, secret: Buffer, isHttps: boolean, toast: Toast): void {
  const value = seal(secret, purpose, JSON.stringify(toast));
  // A browser drops a cookie above 4 KiB, and without its params the sentence would have holes.
  if (value.length < 3_500) ctx.append('Set-Cookie', written(value, seconds, isHttps));
}

/** Reads it and asks the browser to forget it. */
export function takeToast(ctx: HttpContext, secret: Buffer, isHttps: boolean): Toast | undefined {
  const value = new RegExp(`(?:^|; )${cookie}=([\\w.-]+)`).exec(ctx.headers.cookie ?? '')?.[1];
  if (value === undefined) return undefined;
  ctx.append('Set-Cookie', written('', 0, isHttps));
  try {
    return JSON.parse(open(secret, purpose, value));
  } catch {
    // Tampered with, or from before the secret was changed: there is nothing to say.
    return undefined;
  }
}

function written(value: string, maxAge: number, isHttps: boolean): string {
  const secure = isHttps ? '; Secure' : '';
  return `${cookie}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`;
}
