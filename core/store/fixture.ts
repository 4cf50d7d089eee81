// Pictures as cameras and drawing programs write them, with what must not be kept in them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';

export const place = 'LAT45.7578 LON4.8320';

/** 8 × 4 pixels, the left half red. */
export const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAEAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAYEAEAAwEAAAAAAAAAAAAAAAAABUOBwf/EABUBAQEAAAAAAAAAAAAAAAAAAAME/8QAHBEAAgAHAAAAAAAAAAAAAAAAAAECAwQyNIGx/9oADAMBAAIRAxEAPwCOlKt4AOVYiyvyItcR/9k=',
  'base64',
);
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAYAAACzzX7wAAAAI0lEQVR4AaSKsQkAAAyDJP+f1p/atSRjBAdBDewXQ9aR/XAAAAD//xpbaFAAAAAGSURBVAMAd80HNcAPpLwAAAAASUVORK5CYII=',
  'base64',
);
const simpleWebp = Buffer.from(
  'VlA4IDIAAACwAQCdASoIAAQAAsBMJagCdEf/gsAAAP7wOENbc1dMHl//g1/6HddSY/CP+DuuoAAAAA==',
  'base64',
);

const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};

/** Held upright (6), with a place, as a telephone writes it: little-endian. */
export function exif(orientation: number): Buffer {
  const entry = (tag: number, value: number): Buffer => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(3, 2);
    bytes.writeUInt32LE(1, 4);
    bytes.writeUInt16LE(value, 8);
    return bytes;
  };
  const head = Buffer.from('49492a00080000000300', 'hex');
  const entries = [entry(0x0110, 1), entry(0x0112, orientation), entry(0x8825, 0)];
  return Buffer.concat([
    Buffer.from('Exif\0\0'),
    head,
    ...entries,
    Buffer.alloc(4),
    Buffer.from(place),
  ]);
}

/** EXIF, XMP, a comment, and behind the end a second picture with its own. */
export function photograph(orientation = 6): Buffer {
  const start = jpeg.subarray(0, 2);
  const said = [
    segment(0xe1, exif(orientation)),
    segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x>${place}</x>`)),
    segment(0xed, Buffer.from(`Photoshop 3.0\0${place}`)),
    segment(0xfe, Buffer.from(place)),
  ];
  const second = Buffer.concat([start, segment(0xe1, exif(1)), jpeg.subarray(2)]);
  return Buffer.concat([start, ...said, jpeg.subarray(2), second]);
}

export function pngWithWords(): Buffer {
  const chunk = (kind: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(body.length, 0);
    bytes.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([bytes.subarray(0, 4), named, bytes.subarray(4)]);
  };
  const words = [
    chunk('eXIf', exif(1).subarray(6)),
    chunk('tEXt', Buffer.from(`Author\0${place}`)),
  ];
  return Buffer.concat([png.subarray(0, 33), ...words, png.subarray(33), Buffer.from(place)]);
}

export function webpWithWords(): Buffer {
  const chunk = (kind: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(kind, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const canvas = chunk('VP8X', Buffer.from('0c000000070000030000', 'hex'));
  const rest = [canvas, simpleWebp, chunk('EXIF', exif(1)), chunk('XMP ', Buffer.from(place))];
  const body = Buffer.concat([Buffer.from('WEBP'), ...rest]);
  return chunk('RIFF', body);
}

export function gifWithWords(): Buffer {
  const comment = Buffer.concat([
    Buffer.from([0x21, 0xfe, place.length]),
    Buffer.from(place),
    Buffer.from([0]),
  ]);
  const head = Buffer.from('47494638396101000100800000ff0000000000', 'hex');
  const picture = Buffer.from('2c000000000100010000 02024401003b'.replace(' ', ''), 'hex');
  return Buffer.concat([head, comment, picture]);
}

export const svg = (inside: string, more = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"${more}>${inside}</svg>`;

export function font(script = 'latin'): Buffer {
  const { resolve } = createRequire(import.meta.url);
  const file = `@fontsource-variable/inter/files/inter-${script}-wght-normal.woff2`;
  return readFileSync(resolve(file));
}
