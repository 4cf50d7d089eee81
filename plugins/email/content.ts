// The text of a letter: a subject and blocks of words. No markup but links and the reader's name.
import { nameMark } from 'rostra/outreach';
import type { Fault } from 'rostra/plugin';

export const kinds = ['heading', 'paragraph', 'button'] as const;
export const blocksMost = 40;

export interface Block {
  kind: (typeof kinds)[number];
  text: string;
  /** Where a button leads. */
  href: string;
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

/** `[words](https://…)` is a link; `{{given name|friend}}` the reader's name, or what stands for it. */
const marks = new RegExp(
  String.raw`\[(?<words>[^[\]\n]+)\]\((?<href>[^()\n]+)\)|${nameMark}|(?<end>\r?\n)`,
  'giu',
);

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const say = (words: string) => words && pieces.push({ kind: 'words', words });
  for (const found of text.matchAll(marks)) {
    say(text.slice(at, found.index));
    at = found.index + found[0].length;
    const { words, href, fallback = '', end } = found.groups ?? {};
    if (end) pieces.push({ kind: 'break' });
    else if (words && href) pieces.push({ kind: 'link', words, href: href.trim() });
    else pieces.push({ kind: 'name', fallback: fallback.trim() });
  }
  say(text.slice(at));
  return pieces;
}

/** To a site, a mailbox, a telephone, or a page of the party's own. */
export function isHref(href: string): boolean {
  if (/^\/(?![/\\])/.test(href)) return true;
  return URL.canParse(href) && /^(https?|mailto|tel):$/.test(new URL(href).protocol);
}

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
    const { kind, text, href } = block;
    if (text.trim() === '') {
      if (kind === 'button') add(`/text-${at}`, 'fault.button');
      continue;
    }
    const bad = piecesOf(text).find((piece) => piece.kind === 'link' && !isHref(piece.href));
    if (bad) add(`/text-${at}`, 'fault.link');
    if (!hasFallbacks(text)) add(`/text-${at}`, 'fault.name');
    if (kind === 'button' && !isHref(href.trim())) add(`/href-${at}`, 'fault.href');
  }
  return faults;
}

const hasFallbacks = (text: string): boolean =>
  piecesOf(text).every((piece) => piece.kind !== 'name' || piece.fallback !== '');
