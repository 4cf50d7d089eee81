// Rates that hold across processes: so many acts in so many seconds, then one as each grows old.
import type { Config } from './config.ts';
import { deleteFreeRates, giveBackRate, takeRate } from './limit.sql.ts';
import type { Scope } from './scope.ts';
import { keyedDigest } from './secret.ts';
import type { Limits } from './services.ts';

export interface Rates extends Limits {
  /** Takes back what `take` counted, e.g. for a password that was right. */
  giveBack(scope: Scope, key: string, most: number, seconds: number): Promise<void>;
}

/**
 * A key may hold an address: only its keyed digest is written. `most` acts pass at once; after that one more
 * each `seconds / most`, so nobody is locked out for the whole time.
 */
export function makeLimits(config: Pick<Config, 'secret'>): Rates {
  const digestOf = (key: string) => keyedDigest(config.secret, 'core.rate', key);
  return {
    take: (scope, key, most, seconds) =>
      scope.aside((own) =>
        takeRate(own.db, {
          key: digestOf(key),
          now: scope.now(),
          step: seconds / most,
          window: seconds,
        }),
      ),
    giveBack: (scope, key, most, seconds) =>
      scope.aside((own) => giveBackRate(own.db, { key: digestOf(key), step: seconds / most })),
  };
}

/** Housekeeping: rates that no longer hold anybody back. */
export function forgetRates(scope: Scope): Promise<number> {
  return scope.write((own) => deleteFreeRates(own.db, scope.now()));
}
