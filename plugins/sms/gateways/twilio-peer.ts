// Twilio on loopback, for tests: its published protocol, written from its documentation and not from our adapter.
// https://www.twilio.com/docs/messaging/api/message-resource, /docs/usage/security and /docs/api/errors
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SmsCall } from '../index.ts';
import type { FarSide, Mood, Told } from '../testing/index.ts';
import { type Ends, serve } from './loopback.ts';

export interface TwilioPeer extends FarSide {
  url: string;
  host: string;
  /** Where it calls. */
  hook: string;
}
export const twilioKeys = { accountSid: `AC${'0'.repeat(31)}1`, authToken: '12345' };

export async function startTwilio(t: Ends): Promise<TwilioPeer> {
  let mood: Mood = 'well';
  const taken: { from: string; to: string; text: string }[] = [];
  const account = `/2010-04-01/Accounts/${twilioKeys.accountSid}`;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const show = (status: number, body: object) =>
      void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const fault = (status: number, code: number, message: string) =>
      show(status, {
        code,
        message,
        more_info: `https://www.twilio.com/docs/errors/${code}`,
        status,
      });
    const pair = `${twilioKeys.accountSid}:${twilioKeys.authToken}`;
    if (req.headers.authorization !== `Basic ${Buffer.from(pair).toString('base64')}`) {
      return fault(401, 20003, 'Authenticate');
    }
    if (req.url === `${account}.json`)
      return show(200, { sid: twilioKeys.accountSid, status: 'active' });
    if (req.method !== 'POST' || req.url !== `${account}/Messages.json`) {
      return fault(404, 20404, 'The requested resource was not found');
    }
    if (mood === 'down') return void req.socket.destroy();
    if (mood === 'busy') return fault(429, 20429, 'Too Many Requests');
    const [From, To, Body] = [form.get('From'), form.get('To'), form.get('Body')];
    if (!From && !form.get('MessagingServiceSid'))
      return fault(400, 21603, "A 'From' phone number is required.");
    if (!To) return fault(400, 21604, "A 'To' phone number is required.");
    if (!Body) return fault(400, 21602, 'Message body is required.');
    if (To === peer.refusedNumber) {
      return fault(400, 21610, 'Attempt to send to unsubscribed recipient');
    }
    if (!/^\+\d{7,15}$/.test(To)) return fault(400, 21211, `Invalid 'To' Phone Number: ${To}`);
    taken.push({ from: From ?? '', to: To, text: Body });
    if (mood === 'silent') return;
    if (mood === 'broken') return fault(500, 20500, 'Internal Server Error');
    if (mood === 'garbled') return void res.writeHead(201).end('<html>created');
    const sid = `SM${randomBytes(16).toString('hex')}`;
    show(201, {
      ...{
        account_sid: twilioKeys.accountSid,
        api_version: '2010-04-01',
        body: Body,
        from: From,
        to: To,
      },
      ...{ sid, status: 'queued', error_code: null, error_message: null, num_segments: '1' },
    });
  }

  /** As its documentation says: names in order, each with its value, behind the address. */
  function call(fields: Record<string, string>): SmsCall {
    const said = Object.keys(fields)
      .sort()
      .reduce((text, name) => text + name + fields[name], peer.hook);
    const signature = createHmac('sha1', twilioKeys.authToken).update(Buffer.from(said, 'utf-8'));
    return {
      ...{ method: 'POST', url: peer.hook },
      headers: { 'x-twilio-signature': signature.digest('base64') },
      body: Buffer.from(new URLSearchParams(fields).toString()),
    };
  }

  const host = await serve(t, answer);
  const peer: TwilioPeer = {
    ...{ url: `http://${host}`, host, hook: '', taken, refusedNumber: '+33600000000' },
    become: (next) => void (mood = next),
    async tell(news: Told) {
      const AccountSid = twilioKeys.accountSid;
      if (news.kind === 'receipt') {
        const words = { delivered: 'delivered', failed: 'undelivered', unknown: 'sent' };
        const MessageStatus = words[news.state];
        const more: Record<string, string> = news.state === 'failed' ? { ErrorCode: '30005' } : {};
        const sids = {
          MessageSid: news.reference,
          SmsSid: news.reference,
          SmsStatus: MessageStatus,
        };
        return call({ ...sids, AccountSid, MessageStatus, ApiVersion: '2010-04-01', ...more });
      }
      const MessageSid = `SM${randomBytes(16).toString('hex')}`;
      return call({
        ...{ MessageSid, SmsMessageSid: MessageSid, SmsSid: MessageSid, SmsStatus: 'received' },
        ...{
          AccountSid,
          From: news.from,
          To: news.to,
          Body: news.text,
          NumSegments: '1',
          NumMedia: '0',
        },
      });
    },
  };
  return peer;
}
