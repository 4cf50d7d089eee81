// Twilio's Programmable Messaging: messages by its REST API, receipts and answers by calls that it signs.
// https://www.twilio.com/docs/messaging/api/message-resource and /docs/usage/webhooks/webhooks-security
import { type Fetch, invalid, type Scope, unavailable } from 'rostra/plugin';
import type { HandedSms, SmsAccount, SmsGateway, SmsLine, SmsMessage } from '../index.ts';
import { attempt } from './http-ask.ts';
import { ofNumber, readTwilio } from './twilio-hook.ts';

const text = { type: 'string', minLength: 1, maxLength: 200 };
const settings = {
  type: 'object',
  required: ['accountSid', 'authToken'],
  properties: {
    accountSid: { ...text, pattern: '^AC[0-9a-fA-F]{32}$' },
    authToken: { ...text, 'x-secret': true },
    messagingServiceSid: { type: 'string', pattern: '^MG[0-9a-fA-F]{32}$' },
  },
};

/** Queues are full, or we ask too often: nothing was taken. https://www.twilio.com/docs/api/errors */
const passing = new Set([20429, 14107, 30001, 21611, 30022]);

export function makeTwilio(fetch: Fetch, base = 'https://api.twilio.com'): SmsGateway {
  return {
    describe: async () => ({
      ...{ id: 'twilio', name: 'sms.gateway.twilio', settings, news: 'signed' },
      ...{ lanes: 10, perSecond: 10 },
    }),
    async check(scope, account) {
      const { status } = await fetch.text(scope, `${base}${pathOf(account)}.json`, {
        headers: headersOf(account),
      });
      if (status === 401 || status === 404) {
        throw invalid([{ path: '/authToken', message: 'sms.gateway.refused' }]);
      }
      if (status !== 200) throw unavailable('Twilio', undefined);
    },
    open: async (scope, account): Promise<SmsLine> => ({
      hand: (message, cut) => hand({ fetch, base, scope, account, message, cut }),
      close: () => {},
    }),
    hear: async (scope, account, call) => readTwilio(scope, account, call),
  };
}

interface Handing {
  fetch: Fetch;
  base: string;
  scope: Scope;
  account: SmsAccount;
  message: SmsMessage;
  cut: AbortSignal;
}

async function hand({ fetch, base, scope, account, message, cut }: Handing): Promise<HandedSms> {
  const service = account.settings['messagingServiceSid'];
  const body = new URLSearchParams({
    ...(service ? { MessagingServiceSid: service } : { From: message.from }),
    ...{ To: message.to, Body: message.text, StatusCallback: account.hookUrl },
  });
  const answer = await attempt(
    () =>
      fetch.text(scope, `${base}${pathOf(account)}/Messages.json`, {
        ...{ method: 'POST', body: body.toString() },
        headers: { ...headersOf(account), 'content-type': 'application/x-www-form-urlencoded' },
      }),
    cut,
  );
  return 'state' in answer ? answer : verdictOf(answer);
}

export function verdictOf({ status, body }: { status: number; body: string }): HandedSms {
  const said = readJson(body);
  const code = Number(said?.['code'] ?? said?.['error_code'] ?? 0);
  const answer = `${status}${code ? ` ${code}` : ''}`;
  if (status === 429 || (status >= 400 && passing.has(code))) return { state: 'later', answer };
  // It may have been taken before the fault.
  if (status >= 500) return { state: 'unknown', answer };
  if (status >= 400) return { state: 'refused', answer, ...ofNumber(code) };
  const sid = said?.['sid'];
  if (status < 200 || status > 299 || typeof sid !== 'string' || sid === '') {
    return { state: 'unknown', answer: `${answer} unreadable` };
  }
  if (said?.['status'] === 'failed') return { state: 'refused', reference: sid, answer };
  return { state: 'accepted', reference: sid, answer };
}

function readJson(body: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null
      ? (read as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const pathOf = ({ settings: { accountSid = '' } }: SmsAccount): string =>
  `/2010-04-01/Accounts/${accountSid}`;

function headersOf({ settings: { accountSid, authToken } }: SmsAccount): Record<string, string> {
  const pair = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return { authorization: `Basic ${pair}`, accept: 'application/json' };
}
