// The scope: who acts, for which organization, under which law, on which transaction, at what time.
import type { Db } from './database/connect.ts';
import type { Law } from './law/gate.ts';
import type { Organization } from './organizations/organization.ts';

export type Actor =
  | { kind: 'visitor' }
  | { kind: 'staff'; accountId: string; name: string; permissions: ReadonlySet<string> }
  /** A job, a listener, a command of the operator. */
  | { kind: 'system'; name: string };

export interface Scope {
  readonly organization: Organization;
  /**
   * Ids of the organization and of those below it: the bound of every query on people's data.
   * `undefined` for the root, whose lists leave the bound out.
   */
  readonly bound: readonly string[] | undefined;
  readonly law: Law;
  readonly actor: Actor;
  /** BCP 47, one of the installed locales. */
  readonly locale: string;
  /** Reads; inside `write` and `aside` it is their transaction. Staff of a chapter read under row-level security. */
  readonly db: Db;
  /** Runs `fn` in one short transaction; a `write` inside a `write` joins it. */
  write<T>(fn: (scope: Scope) => Promise<T>): Promise<T>;
  /** Commits by itself, whatever becomes of the transaction around it: throttle, refusals, attempts. */
  aside<T>(fn: (scope: Scope) => Promise<T>): Promise<T>;
  /** The only time there is; SQL gets it as `:now`. */
  now(): Date;
  may(permission: string): boolean;
  /** A sentence of the locales, in this scope's language, or in another (BCP 47) that its reader has. */
  t(key: string, params?: Record<string, unknown>, locale?: string): string;
}
