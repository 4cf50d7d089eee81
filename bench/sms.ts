// Text messages over SMPP: handed over, each kept as a row, and its receipt written on it.
import { depsOf } from '../plugins/sms/deps.ts';
import { findOwnAccount } from '../plugins/sms/gateway-account.sql.ts';
import { saveAccount } from '../plugins/sms/gateway-account.ts';
import { makeSmpp } from '../plugins/sms/gateways/smpp.ts';
import { openLine } from '../plugins/sms/line.ts';
import { startChild } from './child.ts';
import { type BenchHouse, withParty } from './house.ts';
import { atLeast, type Bench, type Measure, seconds, sized } from './measure.ts';

const many = Math.min(10_000, sized(10_000));

export const texting: Bench = {
  name: 'sms',
  async run(say) {
    const centre = startChild('bench/sms-centre.ts', []);
    try {
      const [, host = ''] = await centre.says(/takes messages at (\S+);/, 30_000);
      return await withParty((bench) => measure(bench, host, say));
    } finally {
      await centre.stop();
    }
  },
};

async function measure(
  bench: BenchHouse,
  host: string,
  say: (line: string) => void,
): Promise<Measure[]> {
  const scope = bench.scope();
  // The house speaks to public addresses alone; its own is let through here.
  const service = makeSmpp({ address: async (_scope, host) => host });
  const deps = { ...depsOf(bench.get('sms')), gatewaysOn: () => [{ plugin: 'sms', service }] };
  const [name = '', port = ''] = host.split(':');
  await saveAccount(scope, deps, {
    ...{ gateway: 'smpp', sender: '+33700000001', priceMilli: 4_500, currency: 'EUR' },
    settings: { host: name, port, tls: 'no', systemId: 'parti', password: 'secret' },
  });
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
  say(`  ${value.toFixed(0)}/s`);
  return [
    atLeast(1, {
      name: 'text messages over SMPP: a row and a receipt each',
      ...{ value, limit: 1_000, unit: '/s', notes: { messages: many, window: line.lanes } },
    }),
  ];
}

const keyOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
