// The text of a message: words and the reader's name, between what the law wants said.
import { markedLink, nameMark } from 'rostra/outreach';
import type { Fault } from 'rostra/plugin';
import { type Counted, countParts, isPlain, plainly, unbroken } from './parts.ts';

export interface Content {
  text: string;
}
/** Lines before and after the writer's words. */
export interface Around {
  before: readonly string[];
  after: readonly string[];
  /** Where the party's own site stands, and the send's mark in links to it. */
  own?: { site: string; mark: string };
}

/** A longer text is read by nobody, and some networks lose a part of it. */
export const partsMost = 6;
export const lengthMost = 2000;

/** As it was kept. */
export function contentOf(kept: Record<string, unknown>): Content {
  return { text: String(kept['text'] ?? '') };
}

const marks = new RegExp(nameMark, 'giu');

export function fill({ text }: Content, givenName?: string): string {
  const words = unbroken(text).trim();
  const isRestPlain = isPlain(words.replace(marks, ''));
  return words.replace(marks, (...found) => {
    const { fallback = '' } = found.at(-1) as { fallback?: string };
    const name = (givenName ?? '').replace(/\s+/g, ' ').trim().slice(0, 40) || fallback.trim();
    if (!isRestPlain || isPlain(name)) return name;
    const plain = plainly(name);
    // One letter of another alphabet would double the parts of the whole text.
    return isPlain(plain) ? plain : fallback.trim();
  });
}

export function whole(content: Content, around: Around, givenName?: string): string {
  const { before, after, own } = around;
  const words = fill(content, givenName);
  return [...before, own ? linked(words, own) : words, ...after].join('\n');
}

/** Without the full stop of the sentence that a link ends. */
const links = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]/gi;

const linked = (words: string, own: { site: string; mark: string }): string =>
  words.replace(links, (link) => markedLink(link, own));

/** As for a reader without a name. */
export const countWhole = (content: Content, around: Around): Counted =>
  countParts(whole(content, around));

export function faultsIn(content: Content, around: Around): Fault[] {
  const add = (word: string, params?: Record<string, unknown>) => [
    { path: '/text', message: `sms.fault.${word}`, ...(params && { params }) },
  ];
  if (content.text.trim() === '') return add('empty');
  const names = [...content.text.matchAll(marks)].map(({ groups }) => groups?.['fallback'] ?? '');
  if (names.some((fallback) => fallback.trim() === '')) return add('name');
  const { parts } = countParts(whole(content, around, names.length > 0 ? longName : undefined));
  return parts > partsMost ? add('long', { parts, most: partsMost }) : [];
}

/** Few are longer: with it the text has to fit as well. */
const longName = 'Maximiliane-Luise';
