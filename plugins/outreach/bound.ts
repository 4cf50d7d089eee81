// The bound of every query on sends, on a row that is named `s`.
import type { Scope } from 'rostra/plugin';

export const within = (scope: Scope): string =>
  scope.bound ? 's.organization_id = any (cast(:bound as bigint[]))' : 'true';

export const boundOf = (scope: Scope) => ({ bound: [...(scope.bound ?? [])], now: scope.now() });
