// What Postmark tells of letters. https://postmarkapp.com/developer/webhooks/webhooks-overview
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import { withoutAddresses } from '../bounce-report.ts';
import type { Verdict } from '../bounce-words.ts';
import type { Feedback } from '../feedback.ts';
import { at, type Json, parse, textAt } from './json.ts';

/** Handed over with a letter, it comes back with all that is told of it. */
export const metadataHeader = 'X-PM-Metadata-rostra';

/** Postmark signs nothing: the password of the address it was given, or a header, shows that it is Postmark. */
export function isPostmark(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secret: string,
): boolean {
  const [scheme = '', encoded = ''] = String(headers['authorization'] ?? '').split(' ');
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const password = /^basic$/i.test(scheme) ? pair.slice(pair.indexOf(':') + 1) : '';
  return same(password, secret) || same(String(headers['x-rostra-token'] ?? ''), secret);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** `undefined` for what is of no letter of ours, or says nothing of it. */
export function readPostmark(scope: Scope, body: Buffer): Feedback | undefined {
  const told = parse(body.toString('utf8'));
  const key = textAt(told, 'Metadata', 'rostra');
  if (!key) return undefined;
  const record = textAt(told, 'RecordType');
  const base = { key, by: 'postmark' as const };
  if (record === 'Delivery') {
    return { ...base, at: timeAt(scope, told, 'DeliveredAt'), kind: 'delivered' };
  }
  if (record === 'SubscriptionChange') {
    return changeIn(told, { ...base, at: timeAt(scope, told, 'ChangedAt') });
  }
  const when = { ...base, at: timeAt(scope, told, 'BouncedAt') };
  const type = textAt(told, 'Type');
  if (record === 'SpamComplaint' || type === 'SpamComplaint') {
    return { ...when, kind: 'complained' };
  }
  const verdict = record === 'Bounce' ? types[type] : undefined;
  const detail = withoutAddresses(textAt(told, 'Details') || textAt(told, 'Description'));
  return verdict && { ...when, kind: 'bounced', ...verdict, detail };
}

/** Streams of letters to many tell of complaints by this alone. Whoever left by a link of Postmark's wants no more either. */
function changeIn(told: Json, base: Pick<Feedback, 'key' | 'by' | 'at'>): Feedback | undefined {
  if (at(told, 'SuppressSending') !== true) return undefined;
  const reason = textAt(told, 'SuppressionReason');
  if (reason === 'HardBounce') {
    return { ...base, kind: 'bounced', why: 'no-mailbox', isPermanent: true, detail: '' };
  }
  const isReaders = reason === 'SpamComplaint' || textAt(told, 'Origin') === 'Recipient';
  return isReaders ? { ...base, kind: 'complained' } : undefined;
}

/** https://postmarkapp.com/developer/api/bounce-api#bounce-types; the others are no bounces: answers by themselves, tests, our own faults. */
const types: Record<string, Verdict> = {
  HardBounce: { why: 'no-mailbox', isPermanent: true },
  BadEmailAddress: { why: 'no-mailbox', isPermanent: true },
  ManuallyDeactivated: { why: 'other', isPermanent: true },
  SoftBounce: { why: 'other', isPermanent: false },
  Transient: { why: 'unreachable', isPermanent: false },
  DnsError: { why: 'unreachable', isPermanent: false },
  Unknown: { why: 'other', isPermanent: false },
  SpamNotification: { why: 'unwanted', isPermanent: false },
  Blocked: { why: 'unwanted', isPermanent: false },
  // Thrown away for what the sender’s domain says of itself: the mailbox may be well.
  DMARCPolicy: { why: 'unwanted', isPermanent: false },
};

function timeAt(scope: Scope, told: Json, name: string): Date {
  const time = new Date(textAt(told, name));
  return Number.isNaN(time.getTime()) ? scope.now() : time;
}
