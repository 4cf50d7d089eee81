// Text that may stand in a page as it is, and how text becomes such.
import { createRequire } from 'node:module';
import type { IOptions } from 'sanitize-html';

const require = createRequire(import.meta.url);

/** HTML that was cleaned or rendered by a view; `<%= %>` writes it unescaped, and nothing else. */
export class SafeHtml {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html;
  }
}

const options: IOptions = {
  allowedTags: [
    'p',
    'br',
    'h2',
    'h3',
    'h4',
    'strong',
    'em',
    'a',
    'ul',
    'ol',
    'li',
    'blockquote',
    'hr',
    'code',
    'pre',
    'img',
    'figure',
    'figcaption',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'sup',
    'sub',
    'abbr',
  ],
  allowedAttributes: {
    a: ['href', 'title'],
    img: ['src', 'alt', 'width', 'height'],
    th: ['scope'],
    abbr: ['title'],
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowProtocolRelative: false,
};

/** What an editor wrote, without anything that runs, dresses itself or calls a third party by script. */
export function cleanHtml(html: string): SafeHtml {
  // With the first text that is saved: a start does without its parser.
  const sanitize: typeof import('sanitize-html') = require('sanitize-html');
  return new SafeHtml(sanitize(html, options));
}

/** The same, as a page shows it: a table wider than a telephone moves within itself, pictures come when they are near. */
export function richText(html: string): SafeHtml {
  const shown = cleanHtml(html)
    .html.replace(/<table>/g, '<div class="table-scroll" tabindex="0"><table>')
    .replace(/<\/table>/g, '</table></div>')
    .replace(/<img /g, '<img loading="lazy" decoding="async" ');
  return new SafeHtml(shown);
}

/** The address if it is one a link may lead to, else `#`. Browsers drop tabs and lines, and read `\\` as `/`. */
export function safeUrl(url: string): string {
  const address = [...url].filter((sign) => sign > ' ').join('');
  return /^(https?:\/\/|mailto:|tel:|\/(?![/\\])|#)/i.test(address) ? url.trim() : '#';
}
