// From nothing to ready, ready again, and the memory held at rest.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMegabytes } from './child.ts';
import { type Bench, below, median } from './measure.ts';
import { type BenchServer, makeData, startServer } from './server.ts';

const times = 3;
const restSeconds = 5;

export const start: Bench = {
  name: 'start',
  async run(say) {
    const first: number[] = [];
    const again: number[] = [];
    const memory: number[] = [];
    // One for all rounds: an ext4 without a journal gives out slowly what was deleted a moment ago.
    const data = await makeData();
    try {
      for (let round = 1; round <= times; round += 1) {
        const folder = `${data.folder}-${round}`;
        first.push(await timed(folder, (server) => server.stop()));
        again.push(
          await timed(folder, async (server) => {
            await sleep(restSeconds * 1_000);
            memory.push(heldBy(server.pid));
            await server.stop();
          }),
        );
        say(`  round ${round}: ${first.at(-1)?.toFixed()} ms, again ${again.at(-1)?.toFixed()} ms`);
      }
    } finally {
      await data.remove();
    }
    return [
      verdict('start from nothing', first, 3_000, 'ms'),
      verdict('start again', again, 1_500, 'ms'),
      verdict('memory at rest', memory, 150, 'MB'),
    ];
  },
};

function verdict(name: string, values: readonly number[], limit: number, unit: string) {
  const notes = { best: Math.min(...values), worst: Math.max(...values) };
  return below(1, { name, value: median(values), limit, unit, notes });
}

/** Milliseconds until the server says that it is ready. */
async function timed(data: string, then: (server: BenchServer) => Promise<void>): Promise<number> {
  const began = performance.now();
  const server = await startServer(data);
  const took = performance.now() - began;
  await then(server);
  return took;
}

/** The process and those that it started, but for PostgreSQL. */
function heldBy(pid: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => isChildOf(child, pid));
  return [pid, ...children].reduce((sum, each) => sum + residentMegabytes(each), 0);
}

function isChildOf(child: number, pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
    const parent = Number(stat.replace(/^.*\) /, '').split(' ')[1]);
    return parent === pid && !stat.includes('(postgres)');
  } catch {
    // It ended between the listing and the reading.
    return false;
  }
}
