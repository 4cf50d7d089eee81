// Two gateways by HTTP on loopback, for tests, from the documentation of each: OVHcloud's API and Kannel's sendsms.
// https://api.ovh.com/console/?section=/sms and https://www.kannel.org/download/1.4.5/userguide-1.4.5 (sendsms, DLR)
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FarSide, Mood } from '../testing/index.ts';
import { type Ends, serve } from './loopback.ts';

export interface HttpPeer extends FarSide {
  url: string;
  host: string;
  hook: string;
}
interface Order {
  from: string;
  to: string;
  text: string;
}
interface Kind {
  read(req: IncomingMessage, body: string): Order | undefined;
  took(id: string): [number, string];
  refused: [number, string];
  busy: [number, string];
  /** What is added to the address that it calls. */
  receipt(id: string, state: string): string;
  inbound(from: string, to: string, text: string): string;
}

const ovh: Kind = {
  read(req, body) {
    if (req.method !== 'POST' || req.headers.authorization !== 'Bearer clef') return undefined;
    const { sender, receivers, message } = JSON.parse(body);
    return { from: sender, to: receivers[0], text: message };
  },
  took: (id) => [
    200,
    `{"totalCreditsRemoved":1,"invalidReceivers":[],"ids":[${id}],"validReceivers":["+33612345678"]}`,
  ],
  refused: [400, '{"class":"Client::BadRequest","message":"Invalid receiver"}'],
  busy: [429, '{"message":"Too many requests"}'],
  receipt: (id, state) => `id=${id}&ptt=${state === 'delivered' ? 1 : 3}`,
  inbound: (senderid, to, message) => `${new URLSearchParams({ senderid, to, message })}`,
};

const kannel: Kind = {
  read(req) {
    const query = new URL(req.url ?? '', 'http://kannel').searchParams;
    if (query.get('username') !== 'parti' || query.get('password') !== 'clef') return undefined;
    const said = (name: string) => query.get(name) ?? '';
    if (!said('dlr-url').startsWith('http')) return undefined;
    return { from: said('from'), to: said('to'), text: said('text') };
  },
  took: (id) => [202, `0: Accepted for delivery ${id}`],
  refused: [400, 'Malformed number'],
  busy: [503, 'Temporal failure, try again later.'],
  receipt: (id, state) => `id=${id}&state=${state === 'delivered' ? 1 : 2}`,
  inbound: (from, to, text) => `${new URLSearchParams({ from, to, text })}`,
};

export async function startHttpGateway(t: Ends, which: 'ovh' | 'kannel'): Promise<HttpPeer> {
  const kind = { ovh, kannel }[which];
  let mood: Mood = 'well';
  let made = 1_000;
  const taken: Order[] = [];
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const show = ([status, body]: [number, string]) => void res.writeHead(status).end(body);
    if (mood === 'down') return void req.socket.destroy();
    if (mood === 'busy') return show(kind.busy);
    const order = kind.read(req, Buffer.concat(chunks).toString());
    if (!order) return show([403, 'Authorization failed for sendsms']);
    if (order.to === peer.refusedNumber) return show(kind.refused);
    taken.push(order);
    made += 1;
    if (mood === 'silent') return;
    if (mood === 'broken') return show([500, 'Internal Server Error']);
    if (mood === 'garbled') return show([200, '<html>']);
    show(kind.took(String(made)));
  }
  const host = await serve(t, answer);
  const peer: HttpPeer = {
    ...{ url: `http://${host}`, host, hook: '', taken, refusedNumber: '+33600000000' },
    become: (next) => void (mood = next),
    async tell(news) {
      const said =
        news.kind === 'receipt'
          ? kind.receipt(news.reference, news.state)
          : kind.inbound(news.from, news.to, news.text);
      return { method: 'GET', url: `${peer.hook}?${said}`, headers: {}, body: Buffer.alloc(0) };
    },
  };
  return peer;
}
