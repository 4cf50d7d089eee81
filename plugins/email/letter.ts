// A letter as the view of the mail draws it: once for many readers, with marks where they differ.
import { createHash, randomBytes } from 'node:crypto';
import {
  choicePathOf,
  counting,
  countingPathOf,
  type Frame,
  type Notice,
  type Reader,
  stop,
} from 'rostra/outreach';
import {
  type Block,
  type Content,
  linesOf,
  linksOf,
  type Picture,
  type Piece,
  piecesOf,
} from './content.ts';

/** What the view gets. */
export interface LetterData extends Record<string, unknown> {
  subject: string;
  preheader: string;
  /** Where it is read on the site; left out of a test. */
  webPath?: string;
  blocks: LetterBlock[];
  notices: (Omit<Notice, 'link'> & { link?: { path: string; label: string } })[];
  /** Where a picture lies that shows nothing, in the letter of a reader who is counted. */
  openPath?: string;
}

export interface LetterBlock {
  kind: Block['kind'];
  pieces: Piece[];
  href: string;
  /** Of a list. */
  items?: Piece[][];
  picture?: Shown;
}
/** As wide as a letter lets it be, and no wider than it is. */
type Shown = Pick<Picture, 'href' | 'width' | 'height'> & { alt: string };

const chosen = 'outreach.notice.choose';

/** `nameOf`: what stands where the reader's name does. */
export function letterData(
  content: Content,
  notices: readonly Notice[],
  around: { nameOf(fallback: string): string; stopPath: string; webPath?: string },
): LetterData {
  const named = (text: string): Piece[] =>
    piecesOf(text).map((piece) =>
      piece.kind === 'name' ? { kind: 'words', words: around.nameOf(piece.fallback) } : piece,
    );
  const plain = (text: string) =>
    named(text)
      .map((piece) => ('words' in piece ? piece.words : ' '))
      .join('');
  return {
    subject: plain(content.subject),
    preheader: plain(content.preheader),
    ...(around.webPath && { webPath: around.webPath }),
    blocks: content.blocks
      .filter(({ kind, text }) => kind === 'divider' || text.trim() !== '')
      .map(({ kind, text, href, picture }) => ({
        ...{ kind, pieces: named(text), href: href.trim() },
        ...(isList(kind) && { items: linesOf(text).map(named) }),
        ...(kind === 'image' && picture && { picture: shown(picture, plain(text)) }),
      })),
    notices: notices.flatMap(({ link, ...notice }) => {
      if (link?.path === counting) {
        const path = countingPathOf(around.stopPath);
        return { ...notice, link: { label: link.label, path } };
      }
      if (link?.path !== stop) {
        return { ...notice, ...(link && { link: { label: link.label, path: String(link.path) } }) };
      }
      const choice = { path: choicePathOf(around.stopPath), label: `${chosen}.link` };
      return [
        { ...notice, link: { label: link.label, path: around.stopPath } },
        { key: chosen, link: choice },
      ];
    }),
  };
}

const isList = (kind: Block['kind']): boolean => kind === 'list' || kind === 'numbered';

/** Of the sheet, without its edges. */
const widest = 536;

function shown({ href, width, height }: Picture, alt: string): Shown {
  const narrow = Math.min(width, widest);
  return { href, alt, width: narrow, height: Math.max(1, Math.round((height * narrow) / width)) };
}

interface Drawn {
  subject: string;
  html: string;
  text: string;
}

/** Draws it once for each kind of reader, and fills in what is one reader's alone. */
export function makeLetters(
  content: Content,
  frame: Frame,
  draw: (data: LetterData, locale: string) => Promise<Drawn>,
  webPath?: string,
) {
  // Nobody can write it: the text was there before it was made.
  const mark = `rostra${randomBytes(12).toString('hex')}`;
  const fallbacks: string[] = [];
  const nameOf = (fallback: string): string => {
    if (!fallbacks.includes(fallback)) fallbacks.push(fallback);
    return `${mark}n${fallbacks.indexOf(fallback)}e`;
  };
  const kept = new Map<string, Promise<Drawn>>();
  const links = linksOf(content);
  const drawnFor = ({ locale, isDirect, counted }: Reader): Promise<Drawn> => {
    const isCounted = counted !== undefined;
    const key = `${locale} ${isDirect} ${isCounted}`;
    const known = kept.get(key);
    if (known) return known;
    const data = letterData(content, frame.notices({ isDirect, isCounted }), {
      ...{ nameOf, stopPath: `/${mark}s` },
      ...(webPath && { webPath }),
    });
    const drawing = isCounted ? drawCounted(data, locale) : draw(data, locale);
    kept.set(key, drawing);
    return drawing;
  };
  /** Its plain text is not led around: there one reads the address itself, and sees where it leads. */
  const drawCounted = async (data: LetterData, locale: string): Promise<Drawn> => {
    const { text } = await draw(data, locale);
    const led = ledAround(data, (href) => {
      const place = links.indexOf(href) + 1;
      return place > 0 ? `/${mark}l${place}e` : href;
    });
    return { ...(await draw({ ...led, openPath: `/${mark}o` }, locale)), text };
  };
  return async (reader: Reader): Promise<Drawn> => {
    const { subject, html, text } = await drawnFor(reader);
    const fill = (where: string, safe: (words: string) => string): string =>
      where
        .replaceAll(`/${mark}s`, safe(reader.stopPath))
        .replaceAll(`/${mark}o`, safe(reader.counted?.openPath ?? ''))
        .replace(new RegExp(`/${mark}l(\\d+)e`, 'g'), (_, place) =>
          safe(reader.counted?.linkPath(Number(place)) ?? ''),
        )
        .replace(new RegExp(`${mark}n(\\d+)e`, 'g'), (_, at) =>
          safe(reader.givenName ?? fallbacks[Number(at)] ?? ''),
        );
    const oneLine = (words: string) => words.replace(/\s+/g, ' ');
    return {
      subject: fill(subject, oneLine),
      html: fill(html, escaped),
      text: fill(text, oneLine),
    };
  };
}

/** Its own links, and no other of those that stand around them. */
function ledAround(letter: LetterData, lead: (href: string) => string): LetterData {
  const pieces = (some: Piece[]): Piece[] =>
    some.map((piece) => (piece.kind === 'link' ? { ...piece, href: lead(piece.href) } : piece));
  const blocks = letter.blocks.map(({ items, ...block }) => ({
    ...{ ...block, href: lead(block.href), pieces: pieces(block.pieces) },
    ...(items && { items: items.map(pieces) }),
  }));
  return { ...letter, blocks };
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (words: string): string => words.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);

/** RFC 2919: names the newsletter, not who reads it. */
export function listId(newsletterId: string, host: string): string {
  const name = createHash('sha256').update(newsletterId).digest('hex').slice(0, 12);
  return `<newsletter-${name}.${host}>`;
}
