// A JPEG without what the camera wrote into it: place, time, device, author, and a second picture behind the first.
import { broken, type Measured } from './measured.ts';

const soi = 0xd8;
const eoi = 0xd9;
const scan = 0xda;
/** Its frames: all of C0–CF but the tables that have numbers between. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

export function stripJpeg(bytes: Buffer): Measured {
  const parts: Buffer[] = [];
  let size: [number, number] | undefined;
  let turned = 1;
  for (const { marker, segment } of segmentsOf(bytes)) {
    if (isFrame(marker)) size ??= [segment.readUInt16BE(7), segment.readUInt16BE(5)];
    if (marker === 0xe1) turned = orientationOf(segment) ?? turned;
    if (isKept(marker, segment)) parts.push(segment);
  }
  if (!size) throw broken();
  const [width, height] = turned > 4 ? [size[1], size[0]] : size;
  const start = [Buffer.from([0xff, soi]), ...(turned > 1 ? [exifOf(turned)] : [])];
  const body = Buffer.concat([...start, ...parts, Buffer.from([0xff, eoi])]);
  return { body, width, height };
}

/** Colour profile and colour transform are part of the picture; all else about it goes. */
function isKept(marker: number, segment: Buffer): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  const says = (word: string): boolean => segment.toString('latin1', 4, 4 + word.length) === word;
  return (
    (marker === 0xe0 && says('JFIF\0')) ||
    (marker === 0xe2 && says('ICC_PROFILE\0')) ||
    (marker === 0xee && says('Adobe'))
  );
}

/** Up to the end of the first picture: phones append films and depth, with their own metadata. */
function* segmentsOf(bytes: Buffer): Generator<{ marker: number; segment: Buffer }> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw broken();
    const marker = bytes[at + 1] ?? 0;
    if (marker === eoi) return;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    let end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) throw broken();
    if (marker === scan) end = endOfScan(bytes, end);
    yield { marker, segment: bytes.subarray(at, end) };
    at = end;
  }
}

/** In the data of a scan, FF stands before 00 or a restart; any other is the next marker. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** 1 to 8; without it a picture held upright would lie on its side. */
function orientationOf(segment: Buffer): number | undefined {
  const tiff = segment.subarray(10);
  if (segment.toString('latin1', 4, 10) !== 'Exif\0\0' || tiff.length < 16) return undefined;
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return undefined;
  for (let n = 0, at = first + 2; n < short(first) && at + 12 <= tiff.length; n += 1, at += 12) {
    const value = short(at + 8);
    if (short(at) === 0x0112) return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** The smallest EXIF there is: one entry, the orientation. */
function exifOf(turned: number): Buffer {
  const orientation = `01120003000000010${`00${turned}`.slice(-3)}0000`;
  return Buffer.from(
    `ffe10022457869660000 4d4d002a00000008 0001 ${orientation} 00000000`.replaceAll(' ', ''),
    'hex',
  );
}
