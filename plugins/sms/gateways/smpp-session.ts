// One session with a message centre: bound, watched, asked within a window, and heard. It ends rather than hang.

import { gathered } from 'rostra/plugin';
import type { Pdu, Session } from 'smpp';
import type { Inbound, News, Tell } from '../index.ts';
import { isReceipt, numberOf, readReceipt, textOf } from './smpp-words.ts';

export interface SmppSettings {
  /** An address that was looked up just now. */
  address: string;
  host: string;
  port: number;
  isSecure: boolean;
  systemId: string;
  password: string;
  systemType: string;
  ids: 'same' | 'decimal';
  /** As `readReceipt` takes them. */
  nobodys: string;
}
export interface Listening {
  tell: Tell;
  now(): Date;
}
export interface SmppSession {
  isOpen(): boolean;
  /** The answer; `unsent`: nothing left; `silent`: it left, and nobody knows. */
  submit(fields: Record<string, unknown>, cut: AbortSignal): Promise<Pdu | 'unsent' | 'silent'>;
  /** Who hears from now on. */
  listen(listening: Listening): void;
  end(): void;
}

export class SmppRefused extends Error {}

/** Milliseconds. */
const [patience, pulse, joining] = [10_000, 30_000, 60_000];
const wrongKeys = [0x0d, 0x0e, 0x0f];

export async function openSession(settings: SmppSettings, first: Listening): Promise<SmppSession> {
  const { default: smpp } = await import('smpp');
  const session = smpp.connect({
    ...{ host: settings.address, port: settings.port, connectTimeout: patience },
    ...(settings.isSecure && { tls: true, servername: settings.host, rejectUnauthorized: true }),
  });
  let listening = first;
  const waiting = new Set<() => void>();
  let isOpen = true;
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(heart);
    for (const give of [...waiting]) give();
    session.destroy();
  };
  const heart = setInterval(() => {
    ask(session, 'enquire_link', {}).then((answer) => {
      if (typeof answer === 'string') end();
    });
  }, pulse);
  heart.unref();
  // Whoever talks gibberish is hung up on: what comes after it cannot be told apart.
  session.on('error', end);
  session.on('close', end);
  session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response());
    end();
  });
  hear(session, () => listening, settings);

  function ask(
    to: Session,
    command: 'submit_sm' | 'enquire_link' | 'bind_transceiver',
    fields: Record<string, unknown>,
    cut?: AbortSignal,
  ): Promise<Pdu | 'unsent' | 'silent'> {
    if (!isOpen || cut?.aborted) return Promise.resolve('unsent');
    return new Promise((resolve) => {
      const settle = (answer: Pdu | 'unsent' | 'silent'): void => {
        clearTimeout(timer);
        waiting.delete(give);
        cut?.removeEventListener('abort', give);
        resolve(answer);
      };
      const give = (): void => settle('silent');
      const timer = setTimeout(give, patience);
      waiting.add(give);
      cut?.addEventListener('abort', give);
      const left = to[command](fields, (pdu) => settle(pdu));
      if (!left) settle('unsent');
    });
  }

  try {
    await connected(session);
    const { systemId: system_id, password, systemType: system_type } = settings;
    const bound = await ask(session, 'bind_transceiver', {
      ...{ system_id, password, system_type, interface_version: 0x34 },
    });
    if (typeof bound === 'string') throw new Error('It does not answer.');
    if (wrongKeys.includes(bound.command_status)) throw new SmppRefused('The bind is refused.');
    if (bound.command_status !== 0) throw new Error(`It answers ${bound.command_status}.`);
  } catch (error) {
    end();
    throw error;
  }
  return {
    isOpen: () => isOpen,
    submit: (fields, cut) => ask(session, 'submit_sm', fields, cut),
    listen: (next) => void (listening = next),
    end() {
      if (isOpen) session.unbind({});
      end();
    },
  };
}

function connected(session: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once(
      session.socket.constructor.name === 'TLSSocket' ? 'secureConnect' : 'connect',
      resolve,
    );
    session.once('error', reject);
    session.once('close', () => reject(new Error('It hung up.')));
  });
}

/** Answered only when it is kept: what is not is told again by the other side. */
function hear(
  session: Session,
  listening: () => Listening,
  { ids, nobodys }: Pick<SmppSettings, 'ids' | 'nobodys'>,
): void {
  const tell = (news: readonly News[]) => listening().tell(news);
  // Whoever says stop waits for no receipt.
  const keep = { receipt: gathered<News>(tell), inbound: gathered<News>(tell) };
  const join = joiner();
  session.on('deliver_sm', (pdu: Pdu) => {
    const at = listening().now();
    const one = isReceipt(pdu) ? readReceipt(pdu, { ids, nobodys, at }) : join(pdu, at);
    const kept = one ? keep[one.kind].add(one) : Promise.resolve();
    kept.then(
      () => void session.send(pdu.response()),
      () => void session.send(pdu.response({ command_status: 0x64 })),
    );
  });
}

/** Parts of one message come each by itself; what is not whole within a minute is given up. */
function joiner(): (pdu: Pdu, at: Date) => Inbound | undefined {
  const open = new Map<string, { parts: string[]; since: number }>();
  return (pdu, at) => {
    const from = numberOf(pdu.source_addr, pdu.source_addr_ton);
    const to = numberOf(pdu.destination_addr, pdu.destination_addr_ton);
    const whole = (text: string): Inbound => ({ kind: 'inbound', from, to, text, at });
    const head = pdu.short_message?.udh?.find(([kind, size]) => kind === 0 && size === 3);
    const [, , reference, of = 0, place = 0] = head ?? [];
    if (of < 2 || place < 1 || place > of) return whole(textOf(pdu));
    for (const [key, { since }] of open) if (at.getTime() - since > joining) open.delete(key);
    if (open.size >= 1_000) open.clear();
    const key = `${from} ${to} ${reference} ${of}`;
    const { parts } = open.get(key) ?? { parts: [] };
    parts[place - 1] = textOf(pdu);
    if (Object.keys(parts).length < of) {
      open.set(key, { parts, since: at.getTime() });
      return undefined;
    }
    open.delete(key);
    return whole(parts.join(''));
  };
}
