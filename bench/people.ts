// The list, the search and a profile of the people, asked over HTTP by staff of the party and of a chapter, with 200,000 there.
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { type Database, openDatabase } from '../core/database/connect.ts';
import { startEmbedded } from '../core/database/embedded.ts';
import { makeLog } from '../core/log.ts';
import { processorSeconds, residentMegabytes } from './child.ts';
import { type Crowd, fillCrowd } from './crowd.ts';
import { type Bench, below, type Measure, median } from './measure.ts';
import { organiserAt } from './organiser.ts';
import { type BenchServer, makeData, startServer } from './server.ts';

const count = 200_000;
const goal = 50;
const times = 40;
const warmUp = 5;
const mostMegabytes = 300;
const log = makeLog('warn');

export const people: Bench = {
  name: 'people',
  async run(say) {
    const data = await makeData();
    try {
      await (await startServer(data.folder)).stop();
      say(`  writing ${count.toLocaleString('en')} people …`);
      const crowd = await inDatabase(data.folder, ({ db }) => fillCrowd(db, count));
      const server = await startServer(data.folder);
      try {
        return await inDatabase(data.folder, (database) =>
          measure({ server, database, crowd, say }),
        );
      } finally {
        await server.stop();
      }
    } finally {
      await data.remove();
    }
  },
};

/** The server's own, or beside it. */
async function inDatabase<T>(folder: string, use: (database: Database) => Promise<T>): Promise<T> {
  const embedded = await startEmbedded({ data: folder, log, owner: false });
  const database = openDatabase({ url: embedded.url, log });
  try {
    return await use(database);
  } finally {
    await database.close();
    await embedded.stop();
  }
}

interface Run {
  server: BenchServer;
  database: Database;
  crowd: Crowd;
  say(line: string): void;
}

async function measure({ server, database, crowd, say }: Run): Promise<Measure[]> {
  const limit = await bareRead(database.url);
  say(`  the limit, bare node:http and one read by key: ${limit.toFixed(2)} ms`);
  const [lyon = '', , brest = ''] = crowd.chapters;
  const readers = [
    { name: 'party', base: '/admin', at: await rootId(database) },
    { name: 'a third', base: '/admin/@lyon', at: lyon },
    { name: 'one in a hundred', base: '/admin/@brest', at: brest },
  ];
  const processors = await processorsOf(server, database);
  const measures: Measure[] = [];
  for (const { name, base, at } of readers) {
    const ask = await logIn(server, database, at);
    const samples = await sample(database, at, name === 'party');
    for (const [what, path] of Object.entries(pathsOf(samples))) {
      const before = processors();
      const taken = await timed(ask, (turn) => `${base}/people${path(turn)}`);
      const processor = ((processors() - before) * 1_000) / (times + warmUp);
      measures.push(verdict(`${name}: ${what}`, taken, limit, processor));
      say(
        `  ${name}: ${what}: ${median(taken).toFixed(1)} ms, of processors ${processor.toFixed(1)}`,
      );
    }
  }
  return [...measures, memoryOf(server)];
}

function verdict(name: string, taken: readonly number[], bare: number, processor: number): Measure {
  const value = median(taken);
  const notes = { p95: p95(taken), 'processors, ms': processor, 'bare read, ms': bare };
  const times = value / bare;
  return below(1, {
    name,
    value,
    limit: goal,
    unit: 'ms',
    notes: { ...notes, 'times bare': times },
  });
}

/** Seconds that the server and PostgreSQL have computed so far: on a busy machine they say more than the clock. */
export async function processorsOf(
  server: Pick<BenchServer, 'pid'>,
  { db }: Pick<Database, 'db'>,
): Promise<() => number> {
  const found = await db.raw('select pg_backend_pid() as pid');
  const postmaster = parentOf(found.rows[0].pid);
  // A backend that ended meanwhile has worked too.
  const seconds = new Map<number, number>();
  return () => {
    const pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    for (const pid of pids) {
      if (pid !== server.pid && parentOf(pid) !== postmaster) continue;
      seconds.set(pid, processorSeconds(pid));
    }
    return [...seconds.values()].reduce((sum, one) => sum + one, 0);
  };
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}

function memoryOf(server: BenchServer): Measure {
  const value = residentMegabytes(server.pid);
  return below(1, { name: 'memory after it', value, limit: mostMegabytes, unit: 'MB', notes: {} });
}

interface Sample {
  id: string;
  family: string;
  given: string;
  address: string;
  number: string;
  cursor: string;
}

/** People whom the reader sees, each with a name, an address and a number to be found by. */
async function sample({ db }: Database, organization: string, isParty: boolean): Promise<Sample[]> {
  const found = await db.raw(
    `select p.id, p.family_name as family, p.given_name as given, p.sort_name as sorted, e.address, n.number
     from people.person p join people.email_address e on e.person_id = p.id and e.is_primary
     join people.phone_number n on n.person_id = p.id
     ${isParty ? '' : 'join people.affiliation a on a.person_id = p.id and a.organization_id = :organization'}
     order by sha256(p.id::text::bytea) limit 200`,
    isParty ? {} : { organization },
  );
  return found.rows.map(({ sorted, ...one }: Sample & { sorted: string }) => ({
    ...one,
    cursor: Buffer.from(JSON.stringify([sorted, one.id])).toString('base64url'),
  }));
}

/** What is asked, each turn about somebody else. */
function pathsOf(samples: readonly Sample[]): Record<string, (turn: number) => string> {
  const of = (turn: number) => samples[turn % samples.length] as Sample;
  const q = (words: string) => `?q=${encodeURIComponent(words)}`;
  const relations = ['member', 'former_member', 'regular_contact', 'occasional_contact'];
  return {
    'first page': () => '',
    'page in the middle': (turn) => `?after=${of(turn).cursor}`,
    'newest first': () => '?sort=newest',
    'by tag': (turn) => `?tag=${1 + (turn % 40)}`,
    'by relation': (turn) => `?relation=${relations[turn % 4]}`,
    'by tag and relation': (turn) => `?tag=${1 + (turn % 40)}&relation=${relations[turn % 4]}`,
    'who agreed to e-mail': () => '?consent=email',
    'search by family name': (turn) => q(of(turn).family),
    'search by full name': (turn) => q(`${of(turn).given} ${of(turn).family}`),
    'search by part of e-mail': (turn) => q(of(turn).address.replace(/@.*/, '').slice(2)),
    'search by domain of e-mail': (turn) => q(of(turn).address.replace(/.*@/, '')),
    'search by telephone': (turn) => q(of(turn).number.replace('+33', '0')),
    'search for nobody': (turn) => q(`${of(turn).given}zq`),
    profile: (turn) => `/${of(turn).id}`,
  };
}

type Ask = (path: string) => Promise<void>;

async function logIn(server: BenchServer, { db }: Database, organizationId: string): Promise<Ask> {
  const email = `organiser${organizationId}@parti.example`;
  const cookie = await organiserAt(db, organizationId, { email, now: new Date(Date.now()) });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return (path) => get(server.port, path, { Cookie: cookie }, agent);
}

function get(port: number, path: string, headers: Record<string, string>, agent: http.Agent) {
  return new Promise<void>((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', path, headers, agent }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${path} answered ${answer.statusCode}`));
      });
    });
    request.once('error', reject);
  });
}

/** Milliseconds, one request after the other. */
async function timed(ask: Ask, path: (turn: number) => string): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = -warmUp; turn < times; turn += 1) {
    const began = performance.now();
    await ask(path(turn + warmUp));
    if (turn >= 0) taken.push(performance.now() - began);
  }
  return taken;
}

function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

/** What the ground takes: node:http that reads one person by primary key and answers it as JSON. */
async function bareRead(url: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const server = http.createServer(async (_request, response) => {
    const found = await pool.query('select * from people.person where id = $1', [
      1 + Math.floor(Math.random() * count),
    ]);
    response.end(JSON.stringify(found.rows[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const taken = await timed(
    (path) => get(port, path, {}, agent),
    () => '/',
  );
  agent.destroy();
  server.close();
  await pool.end();
  return median(taken);
}

async function rootId({ db }: Database): Promise<string> {
  const found = await db.raw('select id from core.organization where parent_id is null');
  return found.rows[0].id;
}
