// Counts kept pages outside Koa, in plain numbers; prom-client only reads them when it is asked.
import { type Registry as Metrics, Counter as PromCounter } from 'prom-client';

export interface Counter {
  hit(milliseconds: number): void;
  hits(): number;
  register(metrics: Metrics): void;
}

export function makeCounter(): Counter {
  let hits = 0;
  let seconds = 0;
  return {
    hit(milliseconds) {
      hits += 1;
      seconds += milliseconds / 1_000;
    },
    hits: () => hits,
    register(metrics) {
      show(metrics, 'rostra_kept_pages_total', 'Pages answered from memory', () => hits);
      show(metrics, 'rostra_kept_pages_seconds', 'Time spent answering them', () => seconds);
    },
  };
}

function show(metrics: Metrics, name: string, help: string, value: () => number): void {
  const options = {
    name,
    help,
    registers: [metrics],
    collect(this: PromCounter) {
      this.reset();
      this.inc(value());
    },
  };
  new PromCounter(options);
}
