// The part of the public face that is about what came of a send: the mark in its links, and who counts what came by it.
import { extensionPoint, type Scope } from 'rostra/plugin';

/** What came by a link. */
export interface Outcome {
  /** Key in the locales: what one of it is called, of which there are `count`. */
  name: string;
  /** Wherever in the party it came. */
  count: number;
  /** Of those whose money the scope's actor may see, a row a currency; left out where it is not about money, or none may be seen. */
  money?: { currency: string; minor: number; count: number }[];
}

/** Bound by a plugin to whose pages people come by links. */
export interface SendOutcome {
  /**
   * What is there now of those who came by an address with `?tracking=<mark>`: what was given back, or taken back, is off. Also
   * when nothing is there yet. `undefined` where nothing of the kind can come.
   */
  cameBy(scope: Scope, mark: string): Promise<Outcome | undefined>;
}
export const SendOutcome = extensionPoint<SendOutcome>('outreach.SendOutcome');

/** As long as a real one, for a text that is not kept yet. */
export const sampleMark = 'x'.repeat(10);

/** Files are no pages: nobody gives or signs up there. */
const isFile = (pathname: string): boolean => /\.[a-z0-9]{2,5}$/i.test(pathname);

/** A link that leads to the party's own `site`, a path or whole, with the mark; any other as it is. */
export function markedLink(href: string, { site, mark }: { site: string; mark: string }): string {
  const isPath = /^\/(?![/\\])/.test(href);
  if (!URL.canParse(href, site)) return href;
  const url = new URL(href, site);
  if (!isPath && (url.origin !== new URL(site).origin || !/^https?:/i.test(href))) return href;
  if (url.searchParams.has('tracking') || isFile(url.pathname)) return href;
  const [address = '', ...fragment] = href.split('#');
  const query = `${address.includes('?') ? '&' : '?'}tracking=${mark}`;
  return [address + query, ...fragment].join('#');
}
