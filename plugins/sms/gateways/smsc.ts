// A message centre on loopback, for tests and the bench: the library's server side, which does not know our adapter.
import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';
import type { FarSide, Mood, Told } from '../testing/index.ts';
import type { Ends } from './loopback.ts';

export interface Smsc extends FarSide {
  /** `127.0.0.1:4711`. */
  host: string;
  port: number;
  taken: { from: string; to: string; text: string }[];
  /** Of each message that is taken a receipt is told by itself. */
  receipts: boolean;
  /** Its side of the open sessions. */
  sessions: Set<Session>;
}

const words = {
  delivered: ['DELIVRD', 2],
  failed: ['UNDELIV', 5],
  unknown: ['UNKNOWN', 7],
} as const;

export async function startSmsc(t: Ends): Promise<Smsc> {
  let mood: Mood = 'well';
  let made = 0;
  const sessions = new Set<Session>();
  const parts = new Map<string, string[]>();
  const server = smpp.createServer({}, (session) => {
    session.on('error', () => session.destroy());
    session.on('close', () => sessions.delete(session));
    session.on('bind_transceiver', (pdu: Pdu) => {
      const isRight = pdu.system_id === 'parti' && pdu.password === 'secret';
      session.send(pdu.response({ command_status: isRight ? 0 : 0x0e, system_id: 'SMSC' }));
      if (isRight && mood !== 'down') sessions.add(session);
    });
    session.on('unbind', (pdu: Pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu: Pdu) => submitted(session, pdu));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function submitted(session: Session, pdu: Pdu): void {
    if (mood === 'down') return session.destroy();
    if (mood === 'busy') return void session.send(pdu.response({ command_status: 0x58 }));
    if (mood === 'broken') return void session.send(pdu.response({ command_status: 0x08 }));
    if (`+${pdu.destination_addr}` === smsc.refusedNumber) {
      return void session.send(pdu.response({ command_status: 0x0b }));
    }
    take(pdu);
    if (mood === 'silent') return;
    if (mood === 'garbled') return void session.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    made += 1;
    const message_id = made.toString(16).padStart(8, '0');
    if (smsc.receipts) tellReceipt(session, message_id, 'delivered');
    session.send(pdu.response({ message_id }));
  }

  function take(pdu: Pdu): void {
    const said = pdu.short_message;
    const way = {
      from: whole(pdu.source_addr, pdu.source_addr_ton),
      to: `+${pdu.destination_addr}`,
    };
    const head = said?.udh?.find(([kind]) => kind === 0);
    if (!head) return void smsc.taken.push({ ...way, text: String(said?.message ?? '') });
    const [, , reference, of = 1, place = 1] = head;
    const key = `${way.to} ${reference}`;
    const known = parts.get(key) ?? [];
    known[place - 1] = String(said?.message ?? '');
    parts.set(key, known);
    if (Object.keys(known).length < of) return;
    parts.delete(key);
    smsc.taken.push({ ...way, text: known.join('') });
  }

  function tellReceipt(
    session: Session,
    id: string,
    state: keyof typeof words,
    done?: () => void,
  ): void {
    const [word, number] = words[state];
    const text = `id:${id} sub:001 dlvrd:001 submit date:2611291000 done date:2611291001 stat:${word} err:000 text:Bonjour`;
    const way = { source_addr: '33612345678', source_addr_ton: 1, destination_addr: '33700000001' };
    // Half of the makers tell it in fields of their own, half in the text.
    const said =
      state === 'failed'
        ? { short_message: '', receipted_message_id: id, message_state: number }
        : { short_message: text };
    session.deliver_sm({ ...way, esm_class: 4, ...said }, done);
  }

  async function tell(news: Told): Promise<undefined> {
    const session = [...sessions].at(-1);
    if (!session) throw new Error('nobody is bound');
    if (news.kind === 'receipt') {
      await new Promise<void>((done) => tellReceipt(session, news.reference, news.state, done));
      return;
    }
    const { from, to, text } = news;
    const way = {
      ...{ source_addr: from.slice(1), source_addr_ton: 1 },
      ...{ destination_addr: to.slice(1), dest_addr_ton: 1 },
    };
    const pieces = text.match(/[\s\S]{1,100}/gu) ?? [''];
    for (const [at, piece] of pieces.entries()) {
      const udh = Buffer.from([5, 0, 3, 7, pieces.length, at + 1]);
      const short_message = pieces.length > 1 ? { udh, message: piece } : piece;
      await new Promise<void>((done) =>
        session.deliver_sm({ ...way, short_message }, () => done()),
      );
    }
  }

  const smsc: Smsc = {
    ...{ host: `127.0.0.1:${port}`, port, taken: [], receipts: false, sessions },
    refusedNumber: '+33600000000',
    become: (next) => void (mood = next),
    tell,
  };
  t.teardown(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return smsc;
}

const whole = (address = '', kind = 0): string => (kind === 1 ? `+${address}` : address);
