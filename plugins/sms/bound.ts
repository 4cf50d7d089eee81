// The bound of every query on messages, on a row that is named.
import type { Scope } from 'rostra/plugin';

export const within = (scope: Scope, row: string): string =>
  scope.bound ? `${row}.organization_id = any (cast(:bound as bigint[]))` : 'true';

/** Of an account that the organization may send through: its own, or one of an organization above it. */
export const usable = (row: string): string =>
  `${row}.organization_id = any (cast(:line as bigint[]))`;

/** The organization and those above it, the nearest first. */
export const lineOf = ({ organization }: Scope) => ({
  line: organization.path.split('.').reverse(),
});

export const boundOf = (scope: Scope) => ({ bound: [...(scope.bound ?? [])], now: scope.now() });
