// A call of Twilio's: whether it is one, and what it tells.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import type { Heard, News, Receipt, SmsAccount, SmsCall } from '../index.ts';

/** The address with each field of the form behind it, in order of their names. */
export function signatureOf(token: string, url: string, fields: URLSearchParams): string {
  const names = [...new Set(fields.keys())].sort();
  const said = names.flatMap((name) =>
    [...new Set(fields.getAll(name))].sort().map((value) => name + value),
  );
  return createHmac('sha1', token)
    .update(url + said.join(''))
    .digest('base64');
}

export function readTwilio(scope: Scope, account: SmsAccount, call: SmsCall): Heard | undefined {
  const fields = new URLSearchParams(call.body.toString('utf8'));
  const given = Buffer.from(call.headers['x-twilio-signature'] ?? '');
  const token = account.settings['authToken'] ?? '';
  const right = Buffer.from(signatureOf(token, call.url, fields));
  if (token === '' || given.length !== right.length || !timingSafeEqual(given, right))
    return undefined;
  if (fields.get('AccountSid') !== account.settings['accountSid']) return undefined;
  const news = newsOf(fields, scope.now());
  // An empty TwiML answers nothing to the person.
  const answer = {
    type: 'text/xml',
    body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
  };
  return news && { news, answer };
}

function newsOf(fields: URLSearchParams, at: Date): News[] | undefined {
  const reference = fields.get('MessageSid') ?? fields.get('SmsSid');
  if (!reference) return undefined;
  const status = fields.get('MessageStatus') ?? fields.get('SmsStatus');
  const from = fields.get('From');
  const to = fields.get('To');
  if (status === 'received' || (status === null && fields.has('Body'))) {
    if (!from || !to) return undefined;
    return [{ kind: 'inbound', from, to, text: fields.get('Body') ?? '', at, reference }];
  }
  if (!status) return undefined;
  const state = states[status];
  if (!state) return [];
  const code = fields.get('ErrorCode');
  const answer = code ? `${status} ${code}` : status;
  return [{ kind: 'receipt', reference, state, ...ofNumber(Number(code)), answer, at }];
}

/** The last words on a message; those before say only that it is under way. */
const states: Record<string, Receipt['state'] | undefined> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};
/**
 * Unknown or inactive, a landline (30006, 21614), no number at all: https://www.twilio.com/docs/api/errors/30005 and its
 * neighbours. One that is switched off (30003), or whose owner said stop (21610), is as good as before.
 */
const landlines = new Set([30006, 21614]);
const nobodys = new Set([30005, 21211]);
export const ofNumber = (code: number): { isPermanent?: boolean; isLandline?: boolean } => {
  if (landlines.has(code)) return { isPermanent: true, isLandline: true };
  return nobodys.has(code) ? { isPermanent: true } : {};
};
