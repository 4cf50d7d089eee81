// A message that came to the mailbox for returned mail: what it reports, if anything. RFC 3464, RFC 5965, RFC 3834.
import type { Attachment, ParsedMail } from 'mailparser';
import { type Verdict, verdictOf } from './bounce-words.ts';

export type MailReport =
  | ({ kind: 'bounced'; detail: string } & Verdict)
  | { kind: 'complained' }
  | { kind: 'delivered' }
  /** It reports nothing that counts: it answers by itself, or the letter is still under way. */
  | { kind: 'nothing' };

/** `undefined`: it is none. */
export function reportIn(mail: ParsedMail): MailReport | undefined {
  const of = (type: string) => mail.attachments.find(({ contentType }) => contentType === type);
  const feedback = of('message/feedback-report');
  if (feedback) return complaintIn(feedback);
  const status = of('message/delivery-status') ?? of('message/global-delivery-status');
  if (status) return statusIn(status);
  return isAutomatic(mail) ? { kind: 'nothing' } : undefined;
}

/** RFC 5965, 7.3: `abuse` is the reader's own word; `not-spam` the contrary; the others are no reader's. */
function complaintIn(part: Attachment): MailReport | undefined {
  const kind = blocksOf(part)[0]?.get('feedback-type')?.toLowerCase();
  if (kind === 'abuse' || kind === 'opt-out') return { kind: 'complained' };
  return kind === 'not-spam' ? { kind: 'nothing' } : undefined;
}

/** The first block is of the message, the others are of its readers, of whom ours has one. */
function statusIn(part: Attachment): MailReport | undefined {
  const reader = blocksOf(part).find((block) => block.has('action'));
  const action = reader?.get('action')?.toLowerCase();
  if (!reader || !action) return undefined;
  if (action === 'delivered') return { kind: 'delivered' };
  // Delayed: it is tried on, and its end is told. Relayed and expanded: nobody will tell.
  if (['delayed', 'relayed', 'expanded'].includes(action)) return { kind: 'nothing' };
  if (action !== 'failed') return undefined;
  const words = reader.get('diagnostic-code') ?? '';
  const verdict = verdictOf(reader.get('status') ?? '', words);
  return verdict && { kind: 'bounced', ...verdict, detail: withoutAddresses(words) };
}

/** Fields of each block, names in small letters, folded lines joined. */
function blocksOf({ content }: Attachment): Map<string, string>[] {
  const text = content.toString('utf8').replace(/\r\n?/g, '\n');
  return text.split(/\n[ \t]*\n/).map(fieldsOf);
}

function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name && value !== undefined) fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}

/** RFC 3834, and what came before it. */
function isAutomatic({ headers, headerLines, from }: ParsedMail): boolean {
  const returnPath = headerLines.find(({ key }) => key === 'return-path')?.line ?? '';
  const word = String(headers.get('auto-submitted') ?? 'no').toLowerCase();
  if (/^auto-(replied|generated|notified)/.test(word)) return true;
  // RFC 5321, 4.5.5: what must not be answered comes from nobody.
  if (/^return-path:\s*<>/im.test(returnPath)) return true;
  if (/^(mailer-daemon|postmaster)@/i.test(from?.value[0]?.address ?? '')) return true;
  if (headers.has('x-autoreply') || headers.has('x-autorespond')) return true;
  return /^(auto_reply|bulk|junk|list)/i.test(String(headers.get('precedence') ?? ''));
}

/** What a server says of a mailbox often names it. */
export function withoutAddresses(words: string): string {
  return words.replace(/\S+@\S+/g, '…').slice(0, 300);
}
