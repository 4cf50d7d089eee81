// A server in a process of its own that freezes a letter to many and sends it: how long, with how much memory, and what staff see.
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Scope } from '../core/scope.ts';
import { depsOf } from '../plugins/outreach/deps.ts';
import { findSend, moveSend } from '../plugins/outreach/send.sql.ts';
import { wake } from '../plugins/outreach/send.ts';
import { findTally } from '../plugins/outreach/tally.sql.ts';
import { type Child, processorSeconds, residentMegabytes, startChild } from './child.ts';
import type { BenchHouse } from './house.ts';
import { below, type Measure, median, seconds } from './measure.ts';
import { organiserAt } from './organiser.ts';
import { party } from './server.ts';

const looks = 200;
const pause = 100;

interface Watching {
  bench: BenchHouse;
  smtpUrl: string;
  /** Id of a send that was released. */
  send: string;
  people: number;
}

/** As `npm start` runs it: the site, the admin and the jobs in one process; PostgreSQL is beside. */
export async function watchServer({ bench, smtpUrl, send, people }: Watching): Promise<Measure[]> {
  const { config, database } = bench.house;
  const server = startChild('core/main.ts', [], {
    ...{ ...party, ROSTRA_DATA: config.data, DATABASE_URL: database.url, SMTP_URL: smtpUrl },
  });
  try {
    const [, url = ''] = await server.says(/ready at (http:\/\/[^\s;]+:\d+)/, 90_000);
    const ask = await logIn(bench, url);
    const scope = bench.scope();
    await ask('/admin/outreach');
    const frozen = await watchFreeze({ bench, scope, server, send, people });
    return [...frozen, ...(await watchLeave({ scope, server, send, ask }))];
  } finally {
    await server.stop();
  }
}

interface Freezing extends Pick<Watching, 'bench' | 'send' | 'people'> {
  scope: Scope;
  server: Child;
}

async function watchFreeze({ bench, scope, server, send, people }: Freezing): Promise<Measure[]> {
  const { pid } = server;
  const before = residentMegabytes(pid);
  const worked = processorSeconds(pid);
  const memory = watchMemory(pid);
  const taken = await seconds(async () => {
    await scope.write((own) => wake(own, depsOf(bench.get('outreach')), send));
    while (!(await findSend(scope, send))?.frozenAt) await wait(50);
  });
  const megabytes = memory.end();
  const { all } = await findTally(scope, send);
  if (all !== people) throw new Error(`${all} of ${people} were frozen.`);
  const notes = {
    'a second': people / taken,
    "server's processor, s": processorSeconds(pid) - worked,
  };
  const name = `frozen: ${people.toLocaleString('en')} recipients`;
  return [
    below(1, { name, value: taken, limit: 30, unit: 's', notes }),
    ofMemory('memory of the server while it freezes', megabytes, { before }),
  ];
}

interface Leaving {
  scope: Scope;
  server: Child;
  send: string;
  ask(path: string): Promise<void>;
}

/** Its page is asked again and again meanwhile. */
async function watchLeave({ scope, server, send, ask }: Leaving): Promise<Measure[]> {
  const memory = watchMemory(server.pid);
  const taken: number[] = [];
  const whole = await seconds(async () => {
    for (let turn = -5; turn < looks; turn += 1) {
      const took = await seconds(() => ask(`/admin/outreach/${send}`));
      if (turn >= 0) taken.push(took * 1_000);
      await wait(pause);
    }
  });
  const { waiting, accepted } = await findTally(scope, send);
  await scope.write((own) => moveSend(own, send, ['sending'], 'paused'));
  const megabytes = memory.end();
  if (accepted === 0 || waiting === 0) throw new Error('It did not leave meanwhile.');
  const gone = { 'gone meanwhile': accepted, waiting, 'a second': accepted / whole };
  const sorted = taken.toSorted((a, b) => a - b);
  const notes = {
    p95: sorted[Math.floor(looks * 0.95)] ?? 0,
    slowest: Math.max(...taken),
    ...gone,
  };
  return [
    below(1, { name: 'page of its progress', value: median(taken), limit: 100, unit: 'ms', notes }),
    ofMemory('memory of the server while it leaves', megabytes, {}),
  ];
}

function ofMemory(name: string, value: number, notes: Record<string, number>): Measure {
  return below(1, { name, value, limit: 300, unit: 'MB', notes });
}

function watchMemory(pid: number) {
  let most = 0;
  const look = () => void (most = Math.max(most, residentMegabytes(pid)));
  const timer = setInterval(look, 100);
  return {
    end(): number {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

async function logIn({ house, scope }: BenchHouse, url: string): Promise<Leaving['ask']> {
  const own = scope();
  const who = { email: 'organiser@parti.example', now: own.now() };
  const cookie = await organiserAt(house.database.db, own.organization.id, who);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { Cookie: cookie };
  return (path) =>
    new Promise((resolve, reject) => {
      const request = http.get(new URL(path, url), { headers, agent }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${path} answered ${answer.statusCode}`));
        });
      });
      request.once('error', reject);
    });
}
