// The text of a letter: a subject and blocks of words. No markup but links and the reader's name.
import { markedLink, nameMark } from 'rostra/outreach';
import type { Fault } from 'rostra/plugin';

export const kinds = [
  ...(['heading', 'paragraph', 'list', 'numbered', 'quote'] as const),
  ...(['image', 'button', 'divider'] as const),
];
export const blocksMost = 40;

export interface Block {
  kind: (typeof kinds)[number];
  /** Of a list one thing a line; of a picture what it shows, for those who do not see it. */
  text: string;
  /** Where a button leads, or a press on a picture. */
  href: string;
  /** Of a picture. */
  picture?: Picture;
}

/** A picture of the site, as it was when it was chosen: its bytes never change. */
export interface Picture {
  id: string;
  /** `/uploads/…` on the party's own site. */
  href: string;
  width: number;
  height: number;
}

export interface Content {
  subject: string;
  /** What a mail program shows after the subject. */
  preheader: string;
  blocks: Block[];
}

/** As it was kept. */
export function contentOf(kept: Record<string, unknown>): Content {
  const { subject = '', preheader = '', blocks = [] } = kept as Partial<Content>;
  return { subject, preheader, blocks };
}

/** A piece of a line: words, words that lead somewhere, the reader's name, the end of a line. */
export type Piece =
  | { kind: 'words'; words: string }
  | { kind: 'link'; words: string; href: string }
  | { kind: 'name'; fallback: string }
  | { kind: 'break' };

/** An address as it is pasted into a sentence: what ends the sentence is none of it. */
const pasted = String.raw`https?://[^\s<>"«»()[\]{}]*[^\s<>"«»()[\]{}.,;:!?…’']`;
/** `[words](https://…)` and `https://…` are links; `{{given name|friend}}` the reader's name, or what stands for it. */
const marks = new RegExp(
  String.raw`\[(?<words>[^[\]\n]+)\]\((?<href>[^()\n]+)\)|(?<pasted>${pasted})|${nameMark}|(?<end>\r?\n)`,
  'giu',
);

/** The lines of a list that say something. */
export const linesOf = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));

/** As it reads to who gave no name: for lists of letters, and their titles. */
export const spoken = (text: string): string =>
  piecesOf(text)
    .map((piece) => (piece.kind === 'name' ? piece.fallback : 'words' in piece ? piece.words : ' '))
    .join('')
    .trim();

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const say = (words: string) => words && pieces.push({ kind: 'words', words });
  for (const found of text.matchAll(marks)) {
    say(text.slice(at, found.index));
    at = found.index + found[0].length;
    const { words, href, pasted: address, fallback = '', end } = found.groups ?? {};
    if (end) pieces.push({ kind: 'break' });
    else if (address && !isHref(address)) say(address);
    else if (address) pieces.push({ kind: 'link', words: address, href: address });
    else if (words && href) pieces.push({ kind: 'link', words, href: href.trim() });
    else pieces.push({ kind: 'name', fallback: fallback.trim() });
  }
  say(text.slice(at));
  return pieces;
}

/** Its links to the party's own `site` bear the send's mark. */
export function markedContent(content: Content, of: { site: string; mark: string }): Content {
  const linked = (text: string) =>
    text.replace(marks, (whole, ...found) => {
      const { words, href, pasted: address = '' } = found.at(-1) as Record<string, string>;
      const to = href?.trim() ?? address;
      return isHref(to) ? `[${words ?? address}](${markedLink(to, of)})` : whole;
    });
  return {
    ...content,
    blocks: content.blocks.map((block) => ({
      ...{ ...block, text: linked(block.text) },
      href: block.href.trim() && markedLink(block.href.trim(), of),
    })),
  };
}

/** To a site, a mailbox, a telephone, or a page of the party's own. */
export function isHref(href: string): boolean {
  if (/^\/(?![/\\])/.test(href)) return true;
  return URL.canParse(href) && /^(https?|mailto|tel):$/.test(new URL(href).protocol);
}

/** Its links to sites, each once, in the order in which they stand. */
export function linksOf({ blocks }: Content): string[] {
  const hrefs = blocks.flatMap(({ text, href }) => [
    ...piecesOf(text).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : [])),
    href.trim(),
  ]);
  return [...new Set(hrefs.filter(leadsToSite))];
}

const leadsToSite = (href: string): boolean => isHref(href) && !/^(mailto|tel):/i.test(href);

/** What a letter lacks; the path of a block's fault ends in its place: `/text-2`. */
export function faultsIn({ subject, preheader, blocks }: Content): Fault[] {
  const faults: Fault[] = [];
  const add = (path: string, message: string) => faults.push({ path, message: `email.${message}` });
  if (subject.trim() === '') add('/subject', 'fault.subject');
  for (const [path, text] of [
    ['/subject', subject],
    ['/preheader', preheader],
  ] as const) {
    if (!hasFallbacks(text)) add(path, 'fault.name');
  }
  if (blocks.every(({ text }) => text.trim() === '')) add('/blocks', 'fault.empty');
  for (const [at, block] of blocks.entries()) {
    for (const [field, message] of faultsOf(block)) add(`/${field}-${at}`, `fault.${message}`);
  }
  return faults;
}

type BlockFault = readonly [field: 'text' | 'href' | 'picture', message: string];

function* faultsOf({ kind, text, href, picture }: Block): Generator<BlockFault> {
  if (kind === 'divider') return;
  const leadsNowhere = !isHref(href.trim());
  const isEmpty = text.trim() === '';
  if (kind === 'image') {
    if (!picture) yield ['picture', 'picture'];
    if (isEmpty) yield ['text', 'alt'];
    if (leadsNowhere && href.trim() !== '') yield ['href', 'href'];
  }
  if (kind === 'button') {
    if (isEmpty) yield ['text', 'button'];
    else if (leadsNowhere) yield ['href', 'href'];
  }
  if (piecesOf(text).some((piece) => piece.kind === 'link' && !isHref(piece.href))) {
    yield ['text', 'link'];
  }
  if (!hasFallbacks(text)) yield ['text', 'name'];
}

const hasFallbacks = (text: string): boolean =>
  piecesOf(text).every((piece) => piece.kind !== 'name' || piece.fallback !== '');
