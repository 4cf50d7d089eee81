// Makes scopes: for a request, a job, a listener, a command.
import type { Actor, Scope } from './scope.ts';

export interface ScopeRequest {
  organizationId: string;
  actor: Actor;
  /** The organization's own if left out. */
  locale?: string;
}

export interface Scopes {
  make(request: ScopeRequest): Scope;
  /** The same reader's scope on another organization. */
  at(scope: Scope, organizationId: string): Scope;
  /** Makes a scope for `fn` and gives back what it holds (a chapter's read transaction) afterwards. */
  with<T>(request: ScopeRequest, fn: (scope: Scope) => Promise<T>): Promise<T>;
}
