// Text of a file in whatever encoding spreadsheets write: UTF-8, UTF-16, Windows-1252; looked at whole before it is read.
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export type Told =
  | { encoding: Encoding; mixed?: undefined }
  /** Lines of both kinds: reading it in either way would spoil names. */
  | { encoding?: undefined; mixed: { utf8Line: number; otherLine: number } };

const headBytes = 65_536;

export async function tellEncoding(path: string): Promise<Told> {
  const head = await readHead(path);
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le' };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be' };
  const unmarked = wideOf(head);
  if (unmarked) return { encoding: unmarked };
  if (await isWholeUtf8(path)) return { encoding: 'utf-8' };
  const { utf8Line, otherLine } = await compareLines(path);
  if (utf8Line > 0 && otherLine > 0) return { mixed: { utf8Line, otherLine } };
  return { encoding: 'windows-1252' };
}

export async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Latin letters in UTF-16 have a zero in every second byte. */
function wideOf(head: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  const many = head.length * 0.2;
  if (odd > many && even < many / 10) return 'utf-16le';
  return even > many && odd < many / 10 ? 'utf-16be' : undefined;
}

async function isWholeUtf8(path: string): Promise<boolean> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.length - cutOff(bytes);
    if (!isUtf8(bytes.subarray(0, end))) return false;
    rest = bytes.subarray(end);
  }
  return rest.length === 0;
}

/** Bytes at the end that begin a sign whose rest comes in the next chunk. */
function cutOff(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** The first line that is UTF-8 beyond doubt, and the first that cannot be; 0 for none. */
async function compareLines(path: string) {
  const found = { utf8Line: 0, otherLine: 0 };
  let line = 0;
  let rest = Buffer.alloc(0);
  const look = (bytes: Buffer): void => {
    line += 1;
    const isWhole = isUtf8(bytes);
    if (isWhole && found.utf8Line === 0 && accented.test(bytes.toString('latin1'))) {
      found.utf8Line = line;
    }
    if (!isWhole && found.otherLine === 0) found.otherLine = line;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      look(bytes.subarray(from, at));
      from = at + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > 1 << 24 || (found.utf8Line && found.otherLine)) break;
  }
  if (rest.length > 0) look(rest);
  return found;
}

/** `é`, `œ`, `’` as UTF-8 writes them; nobody writes `Ã©` on purpose. */
const accented = /\xc3[\x80-\xbf]|\xc5[\x92\x93]|\xe2\x80[\x80-\xbf]/;

/** Chunk by chunk, without the byte order mark. */
export async function* readText(path: string, encoding: Encoding): AsyncIterable<string> {
  const decode = decoderOf(encoding);
  for await (const chunk of createReadStream(path)) yield decode(chunk);
  const last = decode();
  if (last) yield last;
}

export function decoderOf(encoding: Encoding): (chunk?: Buffer) => string {
  if (encoding === 'windows-1252') return (chunk) => (chunk ? fromWindows(chunk) : '');
  const decoder = new TextDecoder(encoding);
  return (chunk) => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
}

/** What Windows put where ISO 8859-1 has control signs, from 0x80 on. */
const windows = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function fromWindows(chunk: Buffer): string {
  return chunk
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (sign) => windows[sign.charCodeAt(0) - 0x80] ?? sign);
}
