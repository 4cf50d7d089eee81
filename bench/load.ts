// The load: a process of its own that asks one address over and over on many lines, as cheaply as it can.
import net from 'node:net';

export interface Load {
  port: number;
  path: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}
export interface LoadResult {
  perSecond: number;
  p50: number;
  p99: number;
  errors: number;
  /** Part of one processor that this process took: near 1 it is itself the limit. */
  processor: number;
}

const end = Buffer.from('\r\n\r\n');
const length = Buffer.from('ontent-Length: ');
const ok = Buffer.from('HTTP/1.1 200');
/** Buckets of 10 microseconds, the last for all above a second. */
const buckets = new Uint32Array(100_001);

async function run(load: Load): Promise<LoadResult> {
  const lines = Object.entries(load.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const ask = Buffer.from(`GET ${load.path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const seen = { done: 0, errors: 0 };
  const isOver = { now: false };
  const before = process.cpuUsage();
  const began = performance.now();
  const opened = Array.from({ length: load.connections }, () =>
    converse(load.port, ask, seen, isOver),
  );
  await new Promise((resolve) => setTimeout(resolve, load.seconds * 1_000));
  isOver.now = true;
  const took = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  for (const socket of opened) socket.destroy();
  return {
    perSecond: seen.done / took,
    p50: percentile(seen.done, 0.5),
    p99: percentile(seen.done, 0.99),
    errors: seen.errors,
    processor: (user + system) / 1e6 / took,
  };
}

function converse(
  port: number,
  ask: Buffer,
  seen: { done: number; errors: number },
  isOver: { now: boolean },
): net.Socket {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let left = 0;
  let asked = 0;
  const send = (): void => {
    asked = performance.now();
    socket.write(ask);
  };
  socket.on('connect', send);
  socket.on('error', () => {
    seen.errors += 1;
  });
  socket.on('data', (chunk: Buffer) => {
    if (isOver.now) return;
    left = left === 0 ? remaining(chunk, seen) : left - chunk.length;
    if (left > 0) return;
    seen.done += 1;
    const bucket = Math.min((performance.now() - asked) * 100, buckets.length - 1) | 0;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    send();
  });
  return socket;
}

/** How much of the answer is still to come; the servers at hand send all headers in the first piece. */
function remaining(chunk: Buffer, seen: { errors: number }): number {
  if (chunk.compare(ok, 0, ok.length, 0, ok.length) !== 0) seen.errors += 1;
  const headersEnd = chunk.indexOf(end);
  const lengthAt = chunk.indexOf(length) + length.length;
  let bodyLength = 0;
  for (let at = lengthAt; at < headersEnd; at += 1) {
    const digit = (chunk[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    bodyLength = bodyLength * 10 + digit;
  }
  return headersEnd + end.length + bodyLength - chunk.length;
}

/** In milliseconds. */
function percentile(total: number, part: number): number {
  let sum = 0;
  for (const [at, count] of buckets.entries()) {
    sum += count;
    if (sum >= total * part) return (at + 1) / 100;
  }
  return Number.NaN;
}

const load: Load = JSON.parse(process.argv[2] ?? '{}');
process.stdout.write(JSON.stringify(await run(load)), () => process.exit(0));
