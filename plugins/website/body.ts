// What an editor wrote: cleaned before it is kept, and without pictures that lie with a third party.
import { cleanHtml } from 'rostra/plugin';

/** The page would not show such a picture, and asking for it would tell a third party who reads. */
const foreignPicture = /<img\b(?![^>]*\bsrc="\/(?!\/))[^>]*>/g;

/** Where a writer put the cursor below a picture, and wrote nothing. */
const emptyEnd = /(<p>(<br \/>)?<\/p>\s*)+$/;

export function cleanBody(html: string): string {
  return cleanHtml(html).html.replace(foreignPicture, '').replace(emptyEnd, '').trim();
}

/** Running text of clean HTML, for descriptions. */
export function textOf(html: string, most: number): string {
  const text = html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/\s+\S*$/, '')}…`;
}

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
