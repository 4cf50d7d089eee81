// An SVG that only draws: what would run, or fetch from elsewhere, is refused; who drew it and with what goes.
import { signOf, unescapeCss } from './css-escape.ts';
import { broken, fileFault, type Measured } from './measured.ts';
import { local, readXml, type Tag } from './xml.ts';

const refusedTags = /^(script|foreignobject|iframe|object|embed|audio|video|handler|listener)$/;

export function cleanSvg(bytes: Buffer): Measured {
  const parts: string[] = [];
  let css = '';
  let root: Tag | undefined;
  for (const { tag, text, inside } of readXml(decode(bytes))) {
    if (inside.some((name) => local(name) === 'metadata')) continue;
    if (tag && local(tag.name) === 'metadata') continue;
    if (tag) {
      refuse(tag);
      root ??= tag;
    } else if (local(inside.at(-1) ?? '') === 'style') css += text;
    parts.push(text);
  }
  if (!root || local(root.name) !== 'svg') throw broken();
  // As one: what stood between its parts is gone by now.
  if (reachesOut(unescape(css))) throw fileFault('svg.outside');
  return { body: Buffer.from(parts.join('').trim()), ...sizeOf(root) };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fileFault('svg.encoding');
  }
}

function refuse({ name, attributes }: Tag): void {
  if (refusedTags.test(local(name))) throw fileFault('svg.script', { what: name });
  for (const [key, written] of attributes) {
    const value = unescape(written);
    if (/^on/i.test(local(key))) throw fileFault('svg.script', { what: key });
    const isLink = local(key) === 'href' || local(key) === 'src';
    // A link around a drawing leads nowhere where the drawing is a picture.
    if (isLink && local(name) !== 'a' && !isInside(value)) throw fileFault('svg.outside');
    if (reachesOut(value)) throw fileFault('svg.outside');
  }
}

function isInside(value: string): boolean {
  return /^\s*(#|data:image\/(png|jpeg|gif|webp);)/i.test(value);
}

function reachesOut(written: string): boolean {
  const css = unescapeCss(written);
  // Blanks within a scheme are none to a browser.
  if (/@import|javascript:/i.test(css.replace(/[\s\p{Cc}]+/gu, ''))) return true;
  const urls = [...css.matchAll(/url\(\s*['"]?\s*([^)]*)/gi)];
  return urls.some(([, to = '']) => !/^(#|data:(image|font|application\/)[^,]*)/i.test(to));
}

function unescape(value: string): string {
  return value
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code) => signOf(Number.parseInt(code, 16)))
    .replace(/&#(\d{1,7});/g, (_, code) => signOf(Number(code)))
    .replace(/&colon;/gi, ':');
}

/** Drawing programs count in hundredths of a millimetre; a drawing has no more dots than it is given. */
const widest = 4_000;

/** As it says, else as wide as its view box; 300 × 150 is what browsers take where it says nothing. */
function sizeOf({ attributes }: Tag): { width: number; height: number } {
  const [wide, high] = ['width', 'height'].map((name) => {
    const value = attributes.get(name)?.trim() ?? '';
    return /^\d+(\.\d+)?(px)?$/.test(value) ? Number.parseFloat(value) : undefined;
  });
  const box = (attributes.get('viewBox') ?? '').trim().split(/[\s,]+/);
  const [, , boxWidth = 300, boxHeight = 150] = box.map(Number);
  const ratio = boxWidth > 0 && boxHeight > 0 ? boxWidth / boxHeight : 2;
  const width = wide || (high ? high * ratio : boxWidth > 0 ? boxWidth : 300);
  const height = high || width / ratio;
  const part = Math.min(1, widest / Math.max(width, height));
  const side = (length: number): number => Math.max(1, Math.round(length * part) || 1);
  return { width: side(width), height: side(height) };
}
