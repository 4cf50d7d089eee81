// The signature of a message by its sending domain: RFC 6376, relaxed both ways, RSA with SHA-256.
import { createHash, type KeyObject, sign } from 'node:crypto';

export interface Signature {
  domainName: string;
  keySelector: string;
  /** Read once: to take its text apart takes three times as long as to sign. */
  key: KeyObject;
}

/** RFC 8058, 3.1: both headers of the one click are signed. */
const names = [
  'From:Sender:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version:Content-Type',
  'Content-Transfer-Encoding:In-Reply-To:References:List-Id:List-Unsubscribe:List-Unsubscribe-Post',
]
  .join(':')
  .toLowerCase()
  .split(':');

/** The field, without the end of its line. `fields`: the head, each line ended by CRLF but the last. */
export async function signatureField(
  fields: string,
  body: string,
  { domainName, keySelector, key }: Signature,
): Promise<string> {
  const known = new Map(
    fields.split(/\r\n(?![ \t])/).map((field) => {
      const at = field.indexOf(':');
      return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1)] as const;
    }),
  );
  const taken = names.filter((name) => known.has(name));
  const hash = createHash('sha256').update(relaxedBody(body)).digest('base64');
  const field = [
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;',
    `d=${domainName}; s=${keySelector};`,
    `bh=${hash};`,
    `h=${foldedNames(taken)};`,
    'b=',
  ].join('\r\n ');
  const lines = taken.map((name) => `${name}:${relaxed(known.get(name) ?? '')}\r\n`);
  const own = `dkim-signature:${relaxed(field.slice(field.indexOf(':') + 1))}`;
  const made = await signedBy(key, `${lines.join('')}${own}`);
  return `${field}${made.replace(/.{72}(?=.)/g, '$&\r\n ')}`;
}

/** In a thread beside, so that the next message is written meanwhile. */
function signedBy(key: KeyObject, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(words), key, (error, made) =>
      error ? reject(error) : resolve(made.toString('base64')),
    );
  });
}

/** 3.4.2 */
const relaxed = (value: string): string =>
  value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');

/** 3.4.4 */
const relaxedBody = (body: string): string =>
  `${body
    .replace(/[ \t]+/g, ' ')
    .replace(/ (?=\r\n|$)/g, '')
    .replace(/(\r\n)+$/, '')}\r\n`;

/** White space may stand between the names. */
const foldedNames = (taken: readonly string[]): string =>
  taken.join(':').replace(/.{1,60}(:|$)/g, (line, end) => (end ? `${line}\r\n ` : line));
