// SMPP 3.4: a session with the message centre of an operator or a carrier, the same for all that goes through an account.
import { type Dial, invalid, isAppError, type Scope, unavailable } from 'rostra/plugin';
import type { HandedSms, SmsAccount, SmsGateway, SmsLine, SmsMessage, Tell } from '../index.ts';
import { openSession, SmppRefused, type SmppSession } from './smpp-session.ts';
import { codingOf, partsOf, receiverOf, senderOf, verdictOf } from './smpp-words.ts';

const text = { type: 'string', minLength: 1, maxLength: 200 };
const settings = {
  type: 'object',
  required: ['host', 'port', 'systemId', 'password'],
  properties: {
    host: { ...text, pattern: '^[A-Za-z0-9.:-]+$' },
    port: { ...text, pattern: '^\\d{1,5}$' },
    tls: { type: 'string', enum: ['yes', 'no'], default: 'yes' },
    systemId: { ...text, maxLength: 15 },
    password: { ...text, maxLength: 64, 'x-secret': true },
    systemType: { type: 'string', maxLength: 12 },
    receiptIds: { type: 'string', enum: ['same', 'decimal'], default: 'same' },
    nobodys: { type: 'string', maxLength: 200, pattern: '^[0-9A-Fa-f, ]*$' },
  },
};

/** Messages that wait for their answer at once: the window. */
const lanes = 64;
/** Milliseconds after the last use. */
const stays = 150_000;
/** A part is tried again after the one before it was taken: once a second. */
const partTries = 5;

interface Held {
  opened: Promise<SmppSession>;
  users: number;
  timer?: NodeJS.Timeout;
}

export function makeSmpp(dial: Dial): SmsGateway {
  const sessions = new Map<string, Held>();

  function hold(scope: Scope, account: SmsAccount, tell: Tell): { key: string; held: Held } {
    const key = JSON.stringify([account.id, account.settings]);
    const listening = { tell, now: () => scope.now() };
    let held = sessions.get(key);
    if (!held) {
      held = { users: 0, opened: open(dial, scope, account, listening) };
      sessions.set(key, held);
      const mine = held;
      mine.opened.catch(() => drop(key, mine));
    }
    clearTimeout(held.timer);
    held.users += 1;
    return { key, held };
  }

  function drop(key: string, held: Held): void {
    if (sessions.get(key) === held) sessions.delete(key);
    clearTimeout(held.timer);
    held.opened.then((session) => session.end()).catch(() => undefined);
  }

  function letGo(key: string, held: Held): void {
    held.users -= 1;
    if (held.users > 0 || sessions.get(key) !== held) return;
    held.timer = setTimeout(() => drop(key, held), stays);
    held.timer.unref();
  }

  async function bound(scope: Scope, account: SmsAccount, tell: Tell) {
    const first = hold(scope, account, tell);
    const session = await first.held.opened;
    if (session.isOpen()) {
      session.listen({ tell, now: () => scope.now() });
      return { ...first, session };
    }
    drop(first.key, first.held);
    const again = hold(scope, account, tell);
    return { ...again, session: await again.held.opened };
  }

  return {
    describe: async () => ({
      ...{ id: 'smpp', name: 'sms.gateway.smpp', settings, news: 'session', lanes, perSecond: 50 },
    }),
    async check(scope, account) {
      const session = await connectFor(dial, scope, account);
      session.end();
    },
    async open(scope, account, tell): Promise<SmsLine> {
      let now = await bound(scope, account, tell).catch((error: unknown) => {
        throw isAppError(error) ? error : unavailable(account.settings['host'] ?? '', error);
      });
      let renewing: Promise<void> | undefined;
      const renew = async (): Promise<void> => {
        const before = now;
        now = await bound(scope, account, tell);
        letGo(before.key, before.held);
      };
      const { default: smpp } = await import('smpp');
      const alphabets = { gsm7: smpp.encodings.ASCII, ucs2: smpp.encodings.UCS2 };
      return {
        async hand(message, cut) {
          try {
            if (!now.session.isOpen()) {
              renewing ??= renew().finally(() => (renewing = undefined));
              await renewing;
            }
          } catch {
            return { state: 'later', answer: 'disconnected' };
          }
          return submit(now.session, message, partsOf(message, alphabets[message.encoding]), cut);
        },
        close: () => letGo(now.key, now.held),
      };
    },
    hear: async () => undefined,
  };
}

/** Of several parts the last asks for the receipt: the message is whole only then. */
async function submit(
  session: SmppSession,
  message: SmsMessage,
  parts: ReturnType<typeof partsOf>,
  cut: AbortSignal,
): Promise<HandedSms> {
  let end: HandedSms = { state: 'unknown', answer: 'nothing to send' };
  for (const [at, part] of parts.entries()) {
    const fields = {
      ...{ ...senderOf(message.from), ...receiverOf(message.to), ...part },
      data_coding: codingOf[message.encoding],
      registered_delivery: at === parts.length - 1 ? 1 : 0,
    };
    end = await handPart(session, fields, cut);
    for (let tries = 1; at > 0 && end.state === 'later' && tries < partTries; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      end = await handPart(session, fields, cut);
    }
    if (end.state === 'accepted') continue;
    // A part of it is on its way already: whole again, it would be there twice.
    return at > 0 ? { ...end, state: 'unknown' } : end;
  }
  return end;
}

async function handPart(
  session: SmppSession,
  fields: Record<string, unknown>,
  cut: AbortSignal,
): Promise<HandedSms> {
  const answer = await session.submit(fields, cut);
  if (answer === 'unsent') return { state: 'later', answer: 'disconnected' };
  if (answer === 'silent') return { state: 'unknown', answer: 'no answer' };
  return verdictOf(answer);
}

type First = Parameters<typeof openSession>[1];

async function open(dial: Dial, scope: Scope, account: SmsAccount, listening: First) {
  const { host = '', port = '', tls = 'yes', receiptIds, ...keys } = account.settings;
  return openSession(
    {
      ...{ host, port: Number(port), isSecure: tls !== 'no' },
      address: await dial.address(scope, host, Number(port)),
      systemId: keys['systemId'] ?? '',
      password: keys['password'] ?? '',
      systemType: keys['systemType'] ?? '',
      ids: receiptIds === 'decimal' ? 'decimal' : 'same',
      nobodys: keys['nobodys'] ?? '',
    },
    listening,
  );
}

async function connectFor(dial: Dial, scope: Scope, account: SmsAccount): Promise<SmppSession> {
  const host = account.settings['host'] ?? '';
  try {
    return await open(dial, scope, account, { tell: async () => {}, now: () => scope.now() });
  } catch (error) {
    if (error instanceof SmppRefused) {
      throw invalid([{ path: '/password', message: 'sms.gateway.refused' }]);
    }
    if (isAppError(error) && error.code !== 'core.unavailable') throw error;
    throw unavailable(host, error);
  }
}
