// PNG, WebP, GIF and ICO: their size, and themselves without comments, places and times.
import { broken, type Measured } from './measured.ts';

const chunksOfPng = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT'.split(
    ' ',
  ),
);

export function stripPng(bytes: Buffer): Measured {
  const parts = [bytes.subarray(0, 8)];
  let at = 8;
  let kind = '';
  while (kind !== 'IEND') {
    if (at + 12 > bytes.length) throw broken();
    const end = at + 12 + bytes.readUInt32BE(at);
    kind = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length) throw broken();
    if (chunksOfPng.has(kind)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') throw broken();
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return { body: Buffer.concat(parts), width, height };
}

const chunksOfWebp = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

export function stripWebp(bytes: Buffer): Measured {
  const parts: Buffer[] = [];
  let at = 12;
  while (at + 8 <= bytes.length) {
    const kind = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    if (at + 8 + size > bytes.length) throw broken();
    if (chunksOfWebp.has(kind)) parts.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  const [first] = parts;
  if (!first || first.length < 18) throw broken();
  const size = sizeOfWebp(first);
  // It no longer has EXIF (8) and XMP (4), and must not say so.
  if (first.toString('latin1', 0, 4) === 'VP8X') first[8] = (first[8] ?? 0) & ~0x0c;
  const rest = Buffer.concat(parts);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(rest.length + 4, 4);
  return { body: Buffer.concat([head, rest]), ...size };
}

function sizeOfWebp(chunk: Buffer): { width: number; height: number } {
  switch (chunk.toString('latin1', 0, 4)) {
    case 'VP8X':
      return { width: chunk.readUIntLE(12, 3) + 1, height: chunk.readUIntLE(15, 3) + 1 };
    case 'VP8L': {
      const bits = chunk.readUInt32LE(9);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    default:
      return { width: chunk.readUInt16LE(14) & 0x3fff, height: chunk.readUInt16LE(16) & 0x3fff };
  }
}

/** Its blocks: pictures and what times them stay, comments and strangers' blocks go. */
export function stripGif(bytes: Buffer): Measured {
  const tableOf = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + tableOf(bytes[10] ?? 0);
  const parts = [bytes.subarray(0, at)];
  while (bytes[at] !== 0x3b) {
    const [kind, label] = [bytes[at], bytes[at + 1]];
    if (kind !== 0x21 && kind !== 0x2c) throw broken();
    const data = kind === 0x21 ? at + 2 : at + 11 + tableOf(bytes[at + 9] ?? 0);
    const end = endOfBlocks(bytes, data);
    const isLoop = label === 0xff && /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(wordAt(bytes, at + 3));
    if (kind === 0x2c || label === 0xf9 || isLoop) parts.push(bytes.subarray(at, end));
    at = end;
  }
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  return { body: Buffer.concat([...parts, Buffer.from([0x3b])]), width, height };
}

function endOfBlocks(bytes: Buffer, from: number): number {
  let at = from;
  for (let size = bytes[at]; size !== 0; size = bytes[at]) {
    if (size === undefined) throw broken();
    at += size + 1;
  }
  return at + 1;
}

function wordAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 11);
}

/** Of the first picture in it; 0 stands for 256. */
export function measureIco(bytes: Buffer): Measured {
  if (bytes.length < 22) throw broken();
  return { body: bytes, width: bytes[6] || 256, height: bytes[7] || 256 };
}
