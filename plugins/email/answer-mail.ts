// A message from the mailbox, read into what is kept of an answer: bounded, and without what does not show.
import { createHash } from 'node:crypto';
import type { ParsedMail } from 'mailparser';
import { textMost, tidyLine, tidyText } from './answer-text.ts';

/** Of a message, so much is read: text comes before what is attached to it. */
export const mostBytes = 1024 * 1024;
/** Beyond it, HTML is not made into text. */
const mostHtml = 200_000;
const [attachmentsMost, refsMost, idMost] = [50, 20, 250];

export interface AnswerMail {
  /** In small letters. */
  from: string;
  fromName: string;
  /** Whither it went, as it stands in the head. */
  to: string;
  subject: string;
  text: string;
  /** Names of what was attached. */
  attachments: string[];
  isCut: boolean;
  messageId: string;
  /** What it answers and what that answered, in their order. */
  refs: string[];
}

/** `undefined` for what is no mail at all. */
export async function parseMail(source: Buffer): Promise<ParsedMail | undefined> {
  // With the first that comes: many an install has no such mailbox.
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(source, {
    ...{ keepDeliveryStatus: true, keepCidLinks: true, skipTextToHtml: true },
    ...{ skipImageLinks: true, skipTextLinks: true, maxHtmlLengthToParse: mostHtml },
  }).catch(() => undefined);
  return mail?.headers ? mail : undefined;
}

/** `undefined` for one that nobody signed with an address. */
export function answerIn(mail: ParsedMail, source: Buffer): AnswerMail | undefined {
  const [sender] = mail.from?.value ?? [];
  const from = (sender?.address ?? '').toLowerCase();
  if (!isAddress(from)) return undefined;
  const text = tidyText(mail.text ?? '');
  const isCut = source.length >= mostBytes || (mail.text ?? '').length > textMost;
  return {
    ...{ from, fromName: tidyLine(sender?.name ?? '', 200), to: whither(mail) },
    ...{ subject: tidyLine(mail.subject ?? '', 500), text, isCut },
    attachments: mail.attachments
      .filter(({ related, contentType }) => !related || !contentType.startsWith('image/'))
      .slice(0, attachmentsMost)
      .map(({ filename, contentType }) => tidyLine(filename ?? contentType, 120) || '?'),
    messageId: idOf(mail.messageId) ?? digestOf(mail.messageId ?? source),
    refs: refsIn(mail),
  };
}

const isAddress = (address: string): boolean =>
  address.length <= 254 && /^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}]+$/u.test(address);

/** Those that a mailbox writes too: whoever is in a blind copy stands nowhere else. */
const recipientField =
  /^(?:to|cc|delivered-to|x-original-to|envelope-to|x-envelope-to|x-delivered-to):(?<said>[^]*)$/i;

const whither = ({ headerLines }: ParsedMail): string =>
  headerLines
    .flatMap(({ line }) => recipientField.exec(line.slice(0, 20_000))?.groups?.['said'] ?? [])
    .join('\n')
    // As it was folded.
    .replace(/\r?\n[ \t]+/g, ' ')
    .slice(0, 50_000);

function refsIn({ references = [], inReplyTo }: ParsedMail): string[] {
  const all = [references, inReplyTo ?? []].flat().flatMap((id) => idOf(id) ?? []);
  return [...new Set(all)].slice(-refsMost);
}

/** As it may stand in a head again. */
function idOf(id: string | undefined): string | undefined {
  const bare = id?.trim().replace(/^<|>$/g, '');
  const isOne =
    bare !== undefined && bare.length < idMost - 2 && /^[!-;=?-~]+@[!-;=?-~]+$/.test(bare);
  return isOne ? `<${bare}>` : undefined;
}

const digestOf = (what: string | Buffer): string =>
  `sha256:${createHash('sha256').update(what).digest('hex')}`;
