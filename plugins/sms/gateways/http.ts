// Any gateway that takes a message by one HTTP request: what is sent, and what the answer means, stands in the settings.
import { type Fetch, invalid, type Scope } from 'rostra/plugin';
import type { HandedSms, SmsAccount, SmsGateway, SmsMessage } from '../index.ts';
import { attempt } from './http-ask.ts';
import { readHttp } from './http-hook.ts';
import { escapesOf, fieldAt, fillIn, headersIn } from './http-template.ts';

const text = { type: 'string', maxLength: 1_000 };
const field = { type: 'string', maxLength: 100 };
const settings = {
  type: 'object',
  required: ['url', 'accepted'],
  properties: {
    url: { ...text, minLength: 1 },
    method: { type: 'string', enum: ['POST', 'GET'], default: 'POST' },
    headers: { ...text, 'x-secret': true },
    body: text,
    bodyType: { type: 'string', enum: ['json', 'form', 'text'], default: 'json' },
    secret: { ...field, 'x-secret': true },
    accepted: { ...text, minLength: 1 },
    reference: field,
    refused: text,
    later: text,
    nobodys: text,
    receiptReference: field,
    receiptState: field,
    delivered: text,
    failed: text,
    inboundFrom: field,
    inboundTo: field,
    inboundText: field,
    inboundReference: field,
  },
};

export function makeHttp(fetch: Fetch): SmsGateway {
  return {
    describe: async () => ({
      ...{ id: 'http', name: 'sms.gateway.http', settings, news: 'unsigned' },
      ...{ lanes: 10, perSecond: 10 },
    }),
    async check(_scope, { settings: given }) {
      const faults = ['accepted', 'refused', 'later', 'nobodys', 'delivered', 'failed'].filter(
        (name) => given[name] !== undefined && !isPattern(given[name]),
      );
      const url = (given['url'] ?? '').replace(/\{\{[a-z]+\}\}/g, 'x');
      if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) faults.push('url');
      if (faults.length > 0) {
        throw invalid(
          faults.map((name) => ({ path: `/${name}`, message: `sms.gateway.http.wrong` })),
        );
      }
    },
    open: async (scope, account) => ({
      hand: (message, cut) => hand(fetch, scope, account, message, cut),
      close: () => {},
    }),
    hear: async (scope, account, call) => readHttp(scope, account, call),
  };
}

async function hand(
  fetch: Fetch,
  scope: Scope,
  account: SmsAccount,
  message: SmsMessage,
  cut: AbortSignal,
): Promise<HandedSms> {
  const { url = '', method, headers = '', body = '', bodyType = 'json' } = account.settings;
  const values = valuesOf(account, message);
  const isPost = method !== 'GET';
  const answer = await attempt(
    () =>
      fetch.text(scope, fillIn(url, values, escapesOf.form), {
        method: isPost ? 'POST' : 'GET',
        headers: {
          ...(isPost && { 'content-type': types[bodyType] ?? 'text/plain' }),
          ...headersIn(headers, values),
        },
        ...(isPost && { body: fillIn(body, values, escapesOf[bodyType as 'json']) }),
      }),
    cut,
  );
  return 'state' in answer ? answer : verdictOf(account, answer, values);
}

const types: Record<string, string> = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
};

function valuesOf({ hookUrl, settings: { secret = '' } }: SmsAccount, message: SmsMessage) {
  const { key, from, to, text, encoding, parts } = message;
  const digits = to.replace(/^\+/, '');
  const coding = encoding === 'ucs2' ? '2' : '0';
  return {
    key,
    from,
    to,
    digits,
    text,
    cr: text.replaceAll('\n', '\r'),
    encoding,
    coding,
    parts: String(parts),
    hook: hookUrl,
    secret,
  };
}

/** `accepted`, `refused` and `later` are looked for in `<status> <body>`. */
function verdictOf(
  { settings }: SmsAccount,
  { status, body }: { status: number; body: string },
  values: Readonly<Record<string, string>>,
): HandedSms {
  const whole = `${status} ${body}`;
  const answer = String(status);
  if (status === 429 || (settings['later'] && found(settings['later'], whole))) {
    return { state: 'later', answer };
  }
  if (status >= 500) return { state: 'unknown', answer };
  const isRefused = settings['refused'] && found(settings['refused'], whole);
  const isPermanent = isNobodys(settings, whole);
  if (status >= 400 || isRefused) return { state: 'refused', answer, isPermanent };
  if (!found(settings['accepted'] ?? '', whole)) return { state: 'unknown', answer };
  const where = settings['reference'] ?? '';
  // Of a gateway that tells no id, ours is told back by the address that it calls.
  const reference = where.startsWith('{{')
    ? fillIn(where, values, escapesOf.text)
    : fieldAt(body, where);
  return { state: 'accepted', answer, ...(reference && { reference }) };
}

/** Of a refusal, or a receipt that says failed: it holds what the gateway says of a number that nobody has. */
export function isNobodys({ nobodys }: SmsAccount['settings'], told: string): boolean {
  return nobodys !== undefined && nobodys !== '' && found(nobodys, told);
}

/** A word that is to be found, or an expression between slashes. */
export function found(pattern: string, text: string): boolean {
  const source = /^\/(.+)\/$/.exec(pattern)?.[1];
  return source === undefined
    ? text.includes(pattern)
    : new RegExp(source).test(text.slice(0, 4_000));
}

function isPattern(pattern = ''): boolean {
  try {
    found(pattern, '');
    return true;
  } catch {
    return false;
  }
}
