// How a text travels: in which alphabet, in how many parts, and at what price (3GPP TS 23.038 and 23.040).

/** Each sign of the basic alphabet takes seven bits. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Behind an escape, so each takes twice as much. */
const extension = '\f^{}\\[~]|€';
const septets = new Map<string, number>([
  ...[...basic].map((sign) => [sign, 1] as const),
  ...[...extension].map((sign) => [sign, 2] as const),
]);

/** Units of a lone message, and of each part of a longer one, which begins with a head of its own. */
const room = { gsm7: { alone: 160, each: 153 }, ucs2: { alone: 70, each: 67 } } as const;

export interface Counted {
  /** Of seven bits a sign, or of sixteen. */
  alphabet: keyof typeof room;
  /** What it takes of that alphabet's units. */
  units: number;
  parts: number;
  /** Units until there is one part more. */
  left: number;
  /** The first sign for which the alphabet of seven bits has no room. */
  odd?: string;
}

export function countParts(text: string): Counted {
  const signs = [...unbroken(text)];
  const odd = signs.find((sign) => !septets.has(sign));
  const alphabet = odd === undefined ? 'gsm7' : 'ucs2';
  const widths = signs.map((sign) => (odd === undefined ? (septets.get(sign) ?? 1) : sign.length));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { alone, each } = room[alphabet];
  const more = odd === undefined ? {} : { odd };
  if (units <= alone) return { ...{ alphabet, units, parts: 1, left: alone - units }, ...more };
  const { parts, filled } = fill(widths, each);
  return { ...{ alphabet, units, parts, left: each - filled }, ...more };
}

/** A sign of two units is never torn apart: what does not fit any more begins the next part. */
function fill(widths: readonly number[], each: number): { parts: number; filled: number } {
  let parts = 1;
  let filled = 0;
  for (const width of widths) {
    if (filled + width > each) {
      parts += 1;
      filled = 0;
    }
    filled += width;
  }
  return { parts, filled };
}

export const isPlain = (text: string): boolean =>
  [...unbroken(text)].every((sign) => septets.has(sign));

/** The signs of a name that the alphabet of seven bits has not, without their accents: one of them would double the parts. */
export function plainly(words: string): string {
  return [...words.normalize('NFC')]
    .map((sign) => (septets.has(sign) ? sign : sign.normalize('NFD').replace(/\p{M}+/gu, '')))
    .map((sign) => (sign === '’' ? "'" : sign))
    .join('');
}

export const unbroken = (text: string): string => text.replace(/\r\n?/g, '\n');
