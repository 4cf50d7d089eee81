// Two gateways by HTTP on loopback, for tests, from what each publishes: OVHcloud's http2sms and Kannel's sendsms.
// https://docs.ovh.com/fr/sms/envoyer_des_sms_depuis_une_url_-_http2sms/, https://docs.ovh.com/fr/sms/tout_savoir_sur_les_utilisateurs_sms/,
// https://www.kannel.org/download/1.4.5/userguide-1.4.5 (sendsms, DLR) and its gw/smsbox.c
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FarSide, Mood, Told } from '../testing/index.ts';
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
  /** Where it wants to be told of this message. */
  tellAt?: string;
}
interface Kind {
  read(req: IncomingMessage, body: string): Order | undefined;
  took(id: string): [number, string];
  refused: [number, string];
  busy: [number, string];
  /** What is added to the address that it calls, of one that was not told where. */
  receipt(id: string, state: string): string;
  inbound(from: string, to: string, text: string): string;
}

const ovh: Kind = {
  read(req) {
    const query = new URL(req.url ?? '', 'http://ovh').searchParams;
    const said = (name: string) => query.get(name) ?? '';
    const keys = ['account', 'login', 'password'].map(said).join(' ');
    if (keys !== 'sms-ab12345-1 parti clef' || said('contentType') !== 'application/json')
      return undefined;
    return {
      ...{ from: said('from'), to: said('to').replace(/^00/, '+') },
      text: said('message').replaceAll('\r', '\n'),
    };
  },
  took: (id) => [200, `{"status":100,"creditLeft":"1987","SmsIds":["${id}"]}`],
  refused: [200, '{"status":202,"message":"Invalid receiver"}'],
  busy: [429, '{"message":"Too many requests"}'],
  receipt: (id, state) =>
    `id=${id}&ptt=${state === 'delivered' ? 4 : 5}&date=20261129110000&description=${state === 'delivered' ? 1 : 2}&descriptionDlr=x`,
  inbound: (senderid, to, message) => `${new URLSearchParams({ senderid, to, message })}`,
};

const kannel: Kind = {
  read(req) {
    const query = new URL(req.url ?? '', 'http://kannel').searchParams;
    if (query.get('username') !== 'parti' || query.get('password') !== 'clef') return undefined;
    const said = (name: string) => query.get(name) ?? '';
    const tellAt = said('dlr-url');
    if (!tellAt.startsWith('http') || said('dlr-mask') !== '19') return undefined;
    return { from: said('from'), to: said('to'), text: said('text'), tellAt };
  },
  took: () => [202, '0: Accepted for delivery'],
  refused: [403, 'Not routable. Do not try again.'],
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
  function urlOf(news: Told): string {
    if (news.kind === 'inbound')
      return `${peer.hook}?${kind.inbound(news.from, news.to, news.text)}`;
    const told = taken.find(({ tellAt }) => tellAt?.includes(`id=${news.reference}&`))?.tellAt;
    // `%d` is Kannel's word for the state of a delivery.
    if (told) return told.replace('%d', news.state === 'delivered' ? '1' : '2');
    return `${peer.hook}?${kind.receipt(news.reference, news.state)}`;
  }

  const host = await serve(t, answer);
  const peer: HttpPeer = {
    ...{ url: `http://${host}`, host, hook: '', taken, refusedNumber: '+33600000000' },
    become: (next) => void (mood = next),
    async tell(news) {
      return { method: 'GET', url: urlOf(news), headers: {}, body: Buffer.alloc(0) };
    },
  };
  return peer;
}
