// Counts kept pages outside Koa, in plain numbers; prom-client only reads them when it is asked.
import { type Registry as Metrics, Counter as PromCounter } from 'prom-client';

export interface Counter {
  hit(): void;
  hits(): number;
  register(metrics: Metrics): void;
}

export function makeCounter(): Counter {
  let hits = 0;
  return {
    hit() {
      hits += 1;
    },
    hits: () => hits,
    register(metrics) {
      new PromCounter({
        name: 'rostra_kept_pages_total',
        help: 'Pages answered from memory',
        registers: [metrics],
        collect() {
          this.reset();
          this.inc(hits);
        },
      });
    },
  };
}
