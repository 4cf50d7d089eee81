// Sou on loopback: the server that the party would run, and what donors and its desk do there.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderAccount } from 'rostra/fundraising';
import type { FarSide, Mood } from 'rostra/fundraising/testing';
import type { Test } from 'rostra/testing';

interface Kept {
  id: string;
  key: string;
  state: 'open' | 'succeeded' | 'failed';
  page: string;
  amount: number;
  currency: string;
  paid: number | null;
  fee: number | null;
  method: 'card' | null;
  refunds: { id: string; key: string | null; amount: number; state: 'succeeded' }[];
  at: string;
}
interface Paid {
  id: string;
  amount: number;
  currency: string;
  state: 'pending' | 'paid' | 'failed';
  day: string;
}

export interface SouPeer extends FarSide {
  account: ProviderAccount;
  /** For `allowPrivate`. */
  host: string;
  payments: Map<string, Kept>;
}

export async function startSou(t: Test, now: () => Date): Promise<SouPeer> {
  const payments = new Map<string, Kept>();
  const payouts: Paid[] = [];
  const state: { mood: Mood; ids: number } = { mood: 'well', ids: 0 };
  const nextId = () => `sou${String((state.ids += 1)).padStart(8, '0')}`;
  const ofKey = (key: string) => [...payments.values()].find((one) => one.key === key);

  function demand(id: string): Kept {
    const found = payments.get(id);
    if (!found) throw new Error(`there is no payment ${id}`);
    return found;
  }

  function sendBack(payment: Kept, amount: number, key: string | null): string | undefined {
    const gone = payment.refunds.reduce((sum, one) => sum + one.amount, 0);
    if (payment.paid === null || amount < 1 || amount > payment.paid - gone) return undefined;
    const id = nextId();
    payment.refunds.push({ id, key, amount, state: 'succeeded' });
    return id;
  }

  /** Status and what is answered. */
  function act(path: string, body: Record<string, unknown> | undefined): [number, unknown?] {
    const [, kind, id = '', verb] = path.split(/[/?]/);
    const payment = kind === 'keys' ? ofKey(id) : payments.get(id);
    if (kind === 'purse') return [200, { isTest: true }];
    if (kind === 'payouts') return [200, payouts];
    if (kind === 'payments' && body && id === '') {
      const { key, amount, currency } = body as Pick<Kept, 'key' | 'amount' | 'currency'>;
      if (amount < 10) return [422];
      const made = ofKey(key) ?? {
        ...{ id: nextId(), key, amount, currency, state: 'open', page: 'https://sou.example/pay' },
        ...{ paid: null, fee: null, method: null, refunds: [], at: now().toISOString() },
      };
      payments.set(made.id, made as Kept);
      return [200, made];
    }
    if (!payment) return [404];
    if (verb === 'end' && payment.state === 'open') payment.state = 'failed';
    if (verb === 'refunds' && body) {
      const key = String(body.key);
      const isKnown = payment.refunds.some((one) => one.key === key);
      if (!isKnown && !sendBack(payment, Number(body.amount), key)) return [422];
    }
    return [200, payment];
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const sent = Buffer.concat(chunks).toString();
    const { mood } = state;
    if (mood === 'down') return void req.socket.destroy();
    if (mood === 'broken') return void res.writeHead(500).end();
    const isKnown = req.headers.authorization === `Bearer ${token}`;
    const [status, told] = isKnown
      ? act(req.url ?? '', req.method === 'POST' ? JSON.parse(sent) : undefined)
      : [404];
    // Not answered and cut off is the same to who asks.
    if (mood === 'silent') return void req.socket.destroy();
    res.writeHead(status).end(mood === 'garbled' ? '<html>' : JSON.stringify(told ?? null));
  }

  const token = 'a token of the party';
  const server = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    payments,
    account: { id: '1', isTest: true, settings: { address: `http://${host}`, token } },
    become: (mood) => void Object.assign(state, { mood }),
    count: () => payments.size,
    asks(reference) {
      const { amount, currency } = demand(reference);
      const digits = currency === 'JPY' ? 0 : 2;
      return (amount / 10 ** digits).toFixed(digits);
    },
    pay(reference, amount) {
      const payment = demand(reference);
      const paid = amount?.minor ?? payment.amount;
      Object.assign(payment, { state: 'succeeded', paid, fee: 20, method: 'card' });
    },
    refund: (reference, amount) => sendBack(demand(reference), amount.minor, null) ?? '',
    call: ({ kind, reference }) => ({ headers: {}, body: Buffer.from(`${kind}=${reference}`) }),
    payOut({ minor, currency }) {
      const day = now().toISOString().slice(0, 10);
      const made: Paid = { id: nextId(), amount: minor, currency, state: 'pending', day };
      payouts.push(made);
      return made.id;
    },
    endPayout(payout, how) {
      const found = payouts.find(({ id }) => id === payout);
      if (found) found.state = how;
    },
  };
}
