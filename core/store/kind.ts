// What a file is, by its first bytes and never by its name, and the file as it is kept.
import { isVariableFont } from './font.ts';
import { stripJpeg } from './jpeg.ts';
import { broken, fileFault, type Measured } from './measured.ts';
import { measureIco, stripGif, stripPng, stripWebp } from './rasters.ts';
import { cleanSvg } from './svg.ts';

export interface Examined {
  kind: 'image' | 'font';
  type: string;
  extension: string;
  body: Buffer;
  width?: number;
  height?: number;
  isVariable?: boolean;
}

interface Format {
  type: string;
  extension: string;
  begins(head: Buffer): boolean;
  /** Of a picture. */
  clean?(bytes: Buffer): Measured;
}

const text = (from: number, word: string) => (head: Buffer) =>
  head.toString('latin1', from, from + word.length) === word;
const hex = (digits: string) => (head: Buffer) => head.toString('hex').startsWith(digits);

/** No AVIF: where it was taken lies too deep in it to be taken out. */
const formats: Format[] = [
  { type: 'image/png', extension: 'png', begins: hex('89504e470d0a1a0a'), clean: stripPng },
  { type: 'image/jpeg', extension: 'jpg', begins: hex('ffd8ff'), clean: stripJpeg },
  {
    ...{ type: 'image/webp', extension: 'webp', clean: stripWebp },
    begins: (head) => text(0, 'RIFF')(head) && text(8, 'WEBP')(head),
  },
  { type: 'image/gif', extension: 'gif', begins: text(0, 'GIF8'), clean: stripGif },
  { type: 'image/x-icon', extension: 'ico', begins: hex('00000100'), clean: measureIco },
  { type: 'font/woff2', extension: 'woff2', begins: text(0, 'wOF2') },
  { type: 'font/woff', extension: 'woff', begins: text(0, 'wOFF') },
  { type: 'font/ttf', extension: 'ttf', begins: hex('00010000') },
  { type: 'font/otf', extension: 'otf', begins: text(0, 'OTTO') },
  {
    ...{ type: 'image/svg+xml', extension: 'svg', clean: cleanSvg },
    begins: (head) => /^\ufeff?\s*<(\?xml|!--|!DOCTYPE svg|(\w+:)?svg[\s>])/i.test(head.toString()),
  },
];

export const typeOf = (extension: string): string | undefined =>
  formats.find((format) => format.extension === extension)?.type;

/** `image/svg+xml` is `SVG` to people. */
export const shortNameOf = (type: string): string =>
  (formats.find((format) => format.type === type)?.extension ?? type).toUpperCase();

/** More would be a screen that does not fit on any, and fills a telephone's memory. */
const widest = 10_000;

/** Throws what is wrong with it, as a fault of the field `file`. */
export function examine(bytes: Buffer): Examined {
  const format = formats.find(({ begins }) => begins(bytes.subarray(0, 1024)));
  if (!format)
    throw fileFault(/^....ftyp(avif|avis|heic|mif1)/s.test(head(bytes)) ? 'avif' : 'unknown');
  const { type, extension, clean } = format;
  if (!clean)
    return { kind: 'font', type, extension, body: bytes, isVariable: isVariableFont(bytes, type) };
  const cleaned = measured(clean, bytes);
  if (cleaned.width < 1 || cleaned.height < 1) throw broken();
  if (cleaned.width > widest || cleaned.height > widest) throw fileFault('too-wide', { widest });
  return { kind: 'image', type, extension, ...cleaned };
}

function head(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 16);
}

/** A file that ends where a number should stand is broken too. */
function measured(clean: (bytes: Buffer) => Measured, bytes: Buffer): Measured {
  try {
    return clean(bytes);
  } catch (error) {
    throw error instanceof RangeError ? broken() : error;
  }
}
