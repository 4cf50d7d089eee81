// Stripe on loopback, for tests: its published protocol, written from its documentation and not from our adapter.
// https://docs.stripe.com/api, /api/errors, /api/idempotent_requests, /api/pagination, /webhooks/signature
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeApi } from './stripe-peer-api.ts';
import { type Params, paramsOf, StripeFault, show } from './stripe-peer-form.ts';
import { makeShelf } from './stripe-peer-shelf.ts';
import { makeWorld, type StripeWorld } from './stripe-peer-world.ts';

/** `silent`: does it and does not answer; `down`: hangs up; `broken`: 500; `garbled`: answers what is no JSON. */
export type Mood = 'well' | 'down' | 'silent' | 'broken' | 'garbled';

export interface StripePeer extends StripeWorld {
  url: string;
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  /** From the next request on, or from the one that this matches, e.g. `POST /v1/refunds`. */
  become(mood: Mood, on?: RegExp): void;
  /** Method and path of each request, in order. */
  asked: string[];
  /** What came in headers that says something of the machine. */
  told: Set<string>;
}

interface Ends {
  teardown(fn: () => unknown): void;
}

export async function startStripe(t: Ends, now: () => Date): Promise<StripePeer> {
  const keys = { secretKey: 'sk_test_loopback', publishableKey: 'pk_test_loopback' };
  const webhookSecret = 'whsec_loopback';
  const shelf = makeShelf(now);
  const api = makeApi(shelf);
  const world = makeWorld(shelf, webhookSecret);
  const remembered = new Map<string, { sent: string; status: number; body: string; at: number }>();
  const state: { mood: Mood; on: RegExp } = { mood: 'well', on: /./ };
  const asked: string[] = [];
  const told = new Set<string>();

  function answer(req: IncomingMessage, body: string): { status: number; body: string } {
    try {
      if (!/^Bearer sk_test_loopback[A-Za-z0-9]*$/.test(req.headers.authorization ?? '')) {
        throw new StripeFault(401, 'invalid_request_error', 'Invalid API Key provided.');
      }
      return req.method === 'POST' ? once(req, body) : act(req, body);
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
      return { status: error.status, body: show({ error: error.shown }) };
    }
  }

  /** Kept for a day: the same key with other parameters is an error, with the same ones the same answer. */
  function once(req: IncomingMessage, body: string): { status: number; body: string } {
    const key = req.headers['idempotency-key'];
    if (typeof key !== 'string') return act(req, body);
    if (key.length > 255) {
      throw new StripeFault(400, 'idempotency_error', 'The key is longer than 255 characters.');
    }
    const sent = `${req.url} ${body}`;
    const known = remembered.get(key);
    if (known && now().getTime() - known.at < 24 * 3600_000) {
      if (known.sent === sent) return known;
      throw new StripeFault(
        400,
        'idempotency_error',
        'Keys for idempotent requests can only be used with the same parameters they were first used with.',
      );
    }
    const made = act(req, body);
    remembered.set(key, { ...made, sent, at: now().getTime() });
    return made;
  }

  function act(req: IncomingMessage, body: string): { status: number; body: string } {
    const url = new URL(req.url ?? '/', 'http://stripe');
    if (`${req.method} ${url.pathname}` === 'GET /v1/account') {
      const id = `acct_${req.headers.authorization?.split('_').at(-1)}`;
      return { status: 200, body: show({ id, object: 'account' }) };
    }
    const params: Params = paramsOf(req.method === 'POST' ? body : url.search.slice(1));
    return { status: 200, body: show(api(req.method ?? '', url.pathname, params)) };
  }

  const server = createServer((req, res) => {
    const line = `${req.method} ${(req.url ?? '').split('?')[0]}`;
    const mood = state.on.test(line) ? state.mood : 'well';
    asked.push(line);
    for (const name of ['x-stripe-client-telemetry', 'x-stripe-client-user-agent']) {
      const value = req.headers[name];
      if (typeof value === 'string') told.add(`${name}: ${value}`);
    }
    void readAll(req).then((body) => {
      if (mood === 'down') return void req.socket.destroy();
      if (mood === 'broken') {
        return send(res, 500, show({ error: { type: 'api_error', message: 'Something broke.' } }));
      }
      const made = answer(req, body);
      if (mood === 'silent') return;
      if (mood === 'garbled') return send(res, 200, '<html>Bad gateway</html>');
      send(res, made.status, made.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    ...world,
    ...keys,
    webhookSecret,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become: (mood, on = /./) => void Object.assign(state, { mood, on }),
    asked,
    told,
  };
}

async function readAll(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(res: ServerResponse, status: number, body: string): void {
  res.writeHead(status, { 'Content-Type': 'application/json', 'Request-Id': 'req_loopback' });
  res.end(body);
}
