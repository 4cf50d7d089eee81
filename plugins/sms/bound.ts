// The bound of every query on messages, on a row that is named.
import type { Scope } from 'rostra/plugin';

export const within = (scope: Scope, row: string): string =>
  scope.bound ? `${row}.organization_id = any (cast(:bound as bigint[]))` : 'true';

export const boundOf = (scope: Scope) => ({ bound: [...(scope.bound ?? [])], now: scope.now() });
