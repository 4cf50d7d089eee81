// Text messages over SMPP, by the line alone and by the engine: each kept as a row, and its receipt written on it.
import { depsOf } from '../plugins/sms/deps.ts';
import { findOwnAccount } from '../plugins/sms/gateway-account.sql.ts';
import { saveAccount } from '../plugins/sms/gateway-account.ts';
import { openLine } from '../plugins/sms/line.ts';
import { type Child, startChild } from './child.ts';
import { type BenchHouse, withParty } from './house.ts';
import { atLeast, type Bench, type Measure, seconds, sized } from './measure.ts';
import { fillReaders, rate, stopping } from './sms-engine.ts';

const many = Math.min(10_000, sized(10_000));

const started = Date.now();
/** A Tuesday morning, at which nobody is to be left in peace. */
const clock = {
  now: () => new Date(Date.parse('2026-11-24T10:00:00Z') + Date.now() - started),
};

export const texting: Bench = {
  name: 'sms',
  async run(say) {
    const centre = startChild('bench/sms-centre.ts', []);
    // Every fiftieth message somebody says stop.
    const quitting = startChild('bench/sms-centre.ts', ['50']);
    try {
      const hosts = await Promise.all([centre, quitting].map(hostOf));
      const [host = '', other = ''] = hosts;
      const measured = (bench: BenchHouse) => measure({ bench, host, other, quitting, say });
      return await withParty(measured, {}, { clock, allowPrivate: hosts });
    } finally {
      await Promise.all([centre.stop(), quitting.stop()]);
    }
  },
};

async function hostOf(centre: Child): Promise<string> {
  const [, host = ''] = await centre.says(/takes messages at (\S+);/, 30_000);
  return host;
}

interface Measuring {
  bench: BenchHouse;
  host: string;
  other: string;
  quitting: Child;
  say(line: string): void;
}

async function measure({ bench, host, other, quitting, say }: Measuring): Promise<Measure[]> {
  await useCentre(bench, host);
  const line = await measureLine(bench);
  const letter = await fillReaders(bench, many);
  const engine = await rate(bench, letter, many);
  await useCentre(bench, other);
  const measures = [engine, line, await stopping(bench, letter, quitting)];
  for (const { name, value, unit } of measures) say(`  ${name}: ${value.toFixed(2)} ${unit}`);
  return measures;
}

async function useCentre(bench: BenchHouse, host: string): Promise<void> {
  const [name = '', port = ''] = host.split(':');
  await saveAccount(bench.scope(), depsOf(bench.get('sms')), {
    ...{ gateway: 'smpp', sender: '+33700000001', priceMilli: 4_500, currency: 'EUR' },
    settings: { host: name, port, tls: 'no', systemId: 'parti', password: 'secret' },
  });
}

async function measureLine(bench: BenchHouse): Promise<Measure> {
  const scope = bench.scope();
  const deps = depsOf(bench.get('sms'));
  const row = await findOwnAccount(scope);
  if (!row) throw new Error('there is no account');
  const line = await openLine(scope, deps, row);
  const way = { from: '+33700000001', to: '+33612345678', encoding: 'gsm7', parts: 1 } as const;
  let next = 0;
  const delivered = async () => {
    const found = await scope.db.raw(
      `select count(*) as n from sms.message where state = 'delivered'`,
    );
    return Number(found.rows[0].n);
  };
  const taken = await seconds(async () => {
    const lane = async (): Promise<void> => {
      for (let n = next++; n < many; n = next++) {
        const text = `Bonjour Camille${n}, réunion à 18 h. STOP au 36180`;
        const { state } = await line.hand(
          { ...way, key: keyOf(n), text },
          new AbortController().signal,
        );
        if (state !== 'accepted') throw new Error(`number ${n} is ${state}`);
      }
    };
    await Promise.all(Array.from({ length: line.lanes }, lane));
    while ((await delivered()) < many) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  await line.close();
  const value = many / taken;
  return atLeast(1, {
    name: 'text messages over SMPP: a row and a receipt each',
    ...{ value, limit: 1_000, unit: '/s', notes: { messages: many, window: line.lanes } },
  });
}

const keyOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
