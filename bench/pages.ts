// An anonymous page from memory against bare node:http with the same bytes, side by side in one run.
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { loadOnce, processorSeconds, startChild } from './child.ts';
import type { LoadResult } from './load.ts';
import { atLeast, type Bench, below, type Measure, median } from './measure.ts';
import { type BenchServer, makeData, startServer } from './server.ts';

const connections = 64;
const warmups = 2;
const rounds = 7;
const seconds = 2;
const encodings = ['', 'br'] as const;

interface Side {
  name: string;
  pid: number;
  port: number;
  results: (LoadResult & { perProcessorSecond: number })[];
}

export const pages: Bench = {
  name: 'pages',
  async run(say) {
    const data = await makeData();
    let server = await startServer(data.folder);
    try {
      if (!(await keptPage(server.port, ''))) {
        say('  a new party has no home page yet: the pipeline alone is measured');
        await server.stop();
        server = await startStandIn();
      }
      const measures: Measure[] = [];
      for (const encoding of encodings) {
        measures.push(...(await compare(server, data.folder, encoding, say)));
      }
      return measures;
    } finally {
      await server.stop();
      await data.remove();
    }
  },
};

async function startStandIn(): Promise<BenchServer> {
  const child = startChild('bench/stand-in.ts', []);
  const [, port] = await child.says(/ready at http:\/\/[^\s:]+:(\d+)/, 30_000);
  return { ...child, port: Number(port) };
}

async function compare(
  server: BenchServer,
  folder: string,
  encoding: string,
  say: (line: string) => void,
): Promise<Measure[]> {
  const page = await keptPage(server.port, encoding);
  if (!page) throw new Error(`the page is not kept as ${encoding || 'plain'}`);
  const file = path.join(folder, '..', `page${encoding}`);
  await writeFile(file, page.body);
  const bare = startChild('bench/bare.ts', [file, JSON.stringify(page.headers)]);
  try {
    const [, port] = await bare.says(/listening on (\d+)/, 30_000);
    const ours: Side = { name: 'kept page', pid: server.pid, port: server.port, results: [] };
    const limit: Side = { name: 'bare', pid: bare.pid, port: Number(port), results: [] };
    await alternate([limit, ours], encoding, say);
    return verdict(ours, limit, encoding, page.body.length);
  } finally {
    await bare.stop();
  }
}

/** Warm up first, then in turns, so that what else the machine does falls on both. */
async function alternate(
  sides: readonly Side[],
  encoding: string,
  say: (line: string) => void,
): Promise<void> {
  for (let round = 1 - warmups; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? sides : [...sides].reverse();
    for (const side of order) {
      const before = processorSeconds(side.pid);
      const result = await loadOnce({
        ...{ port: side.port, path: '/', connections, seconds },
        headers: headersFor(side.port, encoding),
      });
      if (result.errors > 0) throw new Error(`${side.name}: ${result.errors} wrong answers`);
      const used = processorSeconds(side.pid) - before;
      const perProcessorSecond = (result.perSecond * seconds) / used;
      if (round > 0) side.results.push({ ...result, perProcessorSecond });
      const when = round < 1 ? 'warm-up' : `round ${round}`;
      say(`  ${when} ${encoding || 'plain'} ${side.name}: ${Math.round(result.perSecond)}/s`);
    }
  }
}

function verdict(ours: Side, limit: Side, encoding: string, bytes: number): Measure[] {
  const of = (side: Side, key: 'perSecond' | 'p99' | 'p50' | 'perProcessorSecond' | 'processor') =>
    median(side.results.map((result) => result[key]));
  const name = `page, ${encoding || 'plain'}`;
  return [
    atLeast(0.8, {
      ...{ name, unit: 'requests/s' },
      value: of(ours, 'perSecond'),
      limit: of(limit, 'perSecond'),
      notes: {
        bytes,
        'per processor second, ratio':
          of(ours, 'perProcessorSecond') / of(limit, 'perProcessorSecond'),
        'processor of the client': of(ours, 'processor'),
      },
    }),
    below(3, {
      ...{ name: `${name}, p99`, unit: 'ms' },
      value: of(ours, 'p99'),
      limit: of(limit, 'p99'),
      notes: { p50: of(ours, 'p50'), 'p50 of the limit': of(limit, 'p50') },
    }),
  ];
}

function headersFor(port: number, encoding: string): Record<string, string> {
  const host = { Host: `127.0.0.1:${port}` };
  return encoding === '' ? host : { ...host, 'Accept-Encoding': encoding };
}

interface Kept {
  body: Buffer;
  /** Name, value, name, value …: without those that node writes by itself. */
  headers: string[];
}

function ownHeaders(raw: readonly string[]): string[] {
  const byNode = ['date', 'connection', 'keep-alive'];
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
  return pairs.filter(([name = '']) => !byNode.includes(name.toLowerCase())).flat();
}

/** Asks until the page comes from memory in the wanted encoding, since it is packed in the background. */
async function keptPage(port: number, encoding: string): Promise<Kept | undefined> {
  for (let turn = 0; turn < 40; turn += 1) {
    const { status, headers, rawHeaders, body } = await fetchOnce(port, encoding);
    const isKept = headers.etag !== undefined && headers['x-request-id'] === undefined;
    if (status === 200 && isKept && (headers['content-encoding'] ?? '') === encoding) {
      return { body, headers: ownHeaders(rawHeaders) };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

function fetchOnce(port: number, encoding: string) {
  interface Answer {
    status: number | undefined;
    headers: http.IncomingHttpHeaders;
    rawHeaders: string[];
    body: Buffer;
  }
  return new Promise<Answer>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/', headers: headersFor(port, encoding) };
    const req = http.get(options, async (res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of res) chunks.push(chunk);
      const { statusCode: status, headers, rawHeaders } = res;
      resolve({ status, headers, rawHeaders, body: Buffer.concat(chunks) });
    });
    req.on('error', reject);
  });
}
