// Writes a ZIP while it is read: entry by entry, squeezed, whatever their length (APPNOTE.TXT 6.3).
import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export interface Entry {
  name: string;
  content: AsyncIterable<string> | Iterable<string>;
}

/** Sums follow the content, and names are UTF-8: the bits 3 and 11. */
const flags = 0x0808;
const deflated = 8;
const version = 20;
/** Beyond it another format of numbers would be wanted, and no file of one person comes near. */
const most = 0xffff_ffff;

/** Characters that are squeezed at a time. */
const aChunk = 64 * 1024;

interface Written {
  name: Buffer;
  offset: number;
  crc: number;
  packed: number;
  bytes: number;
}

/** Each entry is read to its end before the next one is asked for. */
export async function* zip(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  at: Date,
): AsyncIterable<Buffer> {
  const time = dosTime(at);
  const all: Written[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const entry: Written = { name: Buffer.from(name), offset, crc: 0, packed: 0, bytes: 0 };
    yield localHeader(entry, time);
    for await (const chunk of squeeze(content, entry)) yield chunk;
    yield sums(entry);
    offset += 30 + entry.name.length + entry.packed + 16;
    if (offset > most || entry.bytes > most) throw new Error('A ZIP of more than 4 GB.');
    all.push(entry);
  }
  const directory = Buffer.concat(all.map((entry) => centralHeader(entry, time)));
  yield directory;
  yield end(all.length, directory.length, offset);
}

async function* squeeze(content: Entry['content'], entry: Written): AsyncIterable<Buffer> {
  const deflate = createDeflateRaw();
  // What fails comes out of `deflate` below.
  pipeline(Readable.from(measure(content, entry)), deflate, () => undefined);
  for await (const chunk of deflate as AsyncIterable<Buffer>) {
    entry.packed += chunk.length;
    yield chunk;
  }
}

async function* measure(content: Entry['content'], entry: Written): AsyncIterable<Buffer> {
  for await (const chunk of gather(content)) {
    entry.crc = crc32(chunk, entry.crc);
    entry.bytes += chunk.length;
    yield chunk;
  }
}

/** Line by line the stream would cost more than the squeezing. */
async function* gather(content: Entry['content']): AsyncIterable<Buffer> {
  let text = '';
  for await (const piece of content) {
    text += piece;
    if (text.length < aChunk) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function localHeader({ name }: Written, time: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(deflated, 8);
  header.writeUInt32LE(time, 10);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function sums({ crc, packed, bytes }: Written): Buffer {
  const after = Buffer.alloc(16);
  after.writeUInt32LE(0x08074b50, 0);
  after.writeUInt32LE(crc, 4);
  after.writeUInt32LE(packed, 8);
  after.writeUInt32LE(bytes, 12);
  return after;
}

function centralHeader(entry: Written, time: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(deflated, 10);
  header.writeUInt32LE(time, 12);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(entry.packed, 20);
  header.writeUInt32LE(entry.bytes, 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, entry.name]);
}

function end(count: number, bytes: number, offset: number): Buffer {
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50, 0);
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(bytes, 12);
  tail.writeUInt32LE(offset, 16);
  return tail;
}

/** Two seconds exact, since 1980: the time below, the date above. */
function dosTime(at: Date): number {
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}
