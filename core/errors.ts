// The five ways in which Rostra says no; everything else that is thrown is a bug.
import type { Scope } from './scope.ts';

export interface Fault {
  /** Where in the input: a JSON pointer such as `/email`, empty for the whole. */
  path: string;
  /** Key of the sentence in the locales. */
  message: string;
  params?: Record<string, unknown>;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  /** Public and listed in the docs, e.g. `core.not-found`, `fundraising.over-limit`. */
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(code: string, status: number, details: Record<string, unknown>, cause?: unknown) {
    super(`${code} ${JSON.stringify(details)}`, { cause });
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** 404: there is no such thing, or not in this scope, which is answered alike. */
export function notFound(what: string, id?: string): AppError {
  return new AppError('core.not-found', 404, { what, id });
}

/** 422: the input does not fit; one fault a field. */
export function invalid(faults: Fault[]): AppError {
  return new AppError('core.invalid', 422, { faults });
}

/** 403: the actor lacks this permission. */
export function forbidden(permission: string): AppError {
  return new AppError('core.forbidden', 403, { permission });
}

/**
 * 409 (451 where the law says no): the domain's no, and which rule says so.
 * `code` names it, e.g. `people.already-merged`; `why` carries what the reader's sentence needs.
 */
export function refused(
  code: string,
  why: Record<string, unknown> & { status?: number },
): AppError {
  return new AppError(code, why.status ?? 409, why);
}

/** 503: a service that we depend on does not answer. */
export function unavailable(service: string, cause?: unknown): AppError {
  return new AppError('core.unavailable', 503, { service }, cause);
}

/** Whether `error` is one of the five, also when another copy of this module made it. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError';
}

/** What `invalid` says, a sentence a field, in the reader's language; any other error is thrown on. */
export function faultsOf(scope: Pick<Scope, 't'>, error: unknown): Record<string, string> {
  if (!isAppError(error) || error.code !== 'core.invalid') throw error;
  const faults = error.details['faults'] as Fault[];
  return Object.fromEntries(
    // Of two at one field the first is said.
    faults.map(({ path, message, params }) => [path.slice(1), scope.t(message, params)]).reverse(),
  );
}
