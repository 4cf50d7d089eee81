// The bound of every query on answers, on a row that is named.
import type { Scope } from 'rostra/plugin';

export const within = (scope: Scope, row: string): string =>
  scope.bound ? `${row}.organization_id = any (cast(:bound as bigint[]))` : 'true';

export const boundOf = (scope: Scope) => ({ bound: [...(scope.bound ?? [])], now: scope.now() });

export const isId = (id: string): boolean => /^[1-9]\d{0,17}$/.test(id);
