// A message as it goes over the wire. The library writes the head, which is where strangers' words could do harm; the body
// and the signature are ours: its streams take three times as long over a letter as PostgreSQL does.
import type { Letter } from '../sending-services.ts';
import { type Signature, signatureField } from './dkim.ts';

export interface Composed {
  raw: Buffer;
  envelope: { from: string; to: string[] };
}

/** Signed if there is something to sign with. Throws for an address that is none. */
export async function compose(
  letter: Letter & { date: Date },
  signature: Signature | undefined,
): Promise<Composed> {
  const { text, html, returnPath, ...head } = letter;
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  // Both parts, so that it writes the head of a message with two.
  const root = new MailComposer({ ...head, text: ' ', html: ' ' }).compile();
  const { from, to } = root.getEnvelope();
  if (!from || to.length !== 1) throw new Error('A message goes from one address to one address.');
  const fields = root.buildHeaders();
  const parts = [part('text/plain', text), part('text/html', html)];
  const end = `--${root.boundary}`;
  const body = [...parts.map((each) => `${end}\r\n${each}\r\n`), `${end}--\r\n`].join('');
  const signed = signature ? `${await signatureField(fields, body, signature)}\r\n` : '';
  return {
    raw: Buffer.from(`${signed}${fields}\r\n\r\n${body}`),
    envelope: { from: returnPath ?? from, to: [...to] },
  };
}

function part(type: string, words: string): string {
  const head = `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable`;
  return `${head}\r\n\r\n${quotedPrintable(words)}`;
}

const longest = 76;
const hex = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** RFC 2045, 6.7. */
export function quotedPrintable(words: string): string {
  return words
    .split(/\r\n|\r|\n/)
    .map(encodedLine)
    .join('\r\n');
}

/** Runs of plain signs are taken as they are; only the others are looked at one by one. */
function encodedLine(line: string): string {
  const safe = line
    .replace(/[^\t\x20-\x3c\x3e-\x7e]+/g, (odd) =>
      Array.from(Buffer.from(odd), (byte) => hex[byte]).join(''),
    )
    .replace(/[ \t]$/, (end) => hex[end.charCodeAt(0)] ?? '');
  if (safe.length <= longest) return safe;
  const lines: string[] = [];
  let at = 0;
  while (safe.length - at > longest) {
    let end = at + longest - 1;
    // Never within the three signs of one byte.
    const cut = safe.lastIndexOf('=', end - 1);
    if (cut > end - 3 && cut >= at) end = cut;
    lines.push(`${safe.slice(at, end)}=`);
    at = end;
  }
  return [...lines, safe.slice(at)].join('\r\n');
}
