// Rules of a party's own: for its public site alone, and nothing in them may load from elsewhere.
import { unescapeCss } from '../store/css-escape.ts';

export type CssFault = 'import' | 'outside' | 'open';

/** Comments; what looks like one within a text is none. */
const asides = /("(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|\/\*[\s\S]*?(?:\*\/|$)/g;

/** The first thing that is wrong, if any. */
export function faultInCss(css: string): CssFault | undefined {
  // Long blanks would be read again and again by the patterns below.
  const read = unescapeCss(css.replace(asides, (_, text) => text ?? ' ')).replace(
    /\s{2,}/g,
    (blanks) => (blanks.includes('\n') ? '\n' : ' '),
  );
  if (/@(import|charset|namespace)\b/i.test(read)) return 'import';
  const urls = read.matchAll(/(?:url|src)\(\s*(["']?)\s*([^"')]*)/gi);
  if ([...urls].some(([, , to = '']) => !isOurs(to))) return 'outside';
  // `image-set("https://…" 1x)` has no url() around it.
  if (/(image|image-set|cross-fade)\(\s*["']?\s*(https?:)?\/\//i.test(read)) return 'outside';
  if (/(["'])\s*(https?:)?\/\/[^"']*\1\s*(\d|\)|,|type)/i.test(read)) return 'outside';
  return isClosed(read) ? undefined : 'open';
}

function isOurs(address: string): boolean {
  return /^(\/(uploads|assets)\/|#|data:(image|font)\/)/i.test(address.trim());
}

/** What is left open would swallow the rest. */
function isClosed(css: string): boolean {
  const bare = css.replace(/"(?:[^"\n])*"|'(?:[^'\n])*'/g, '');
  let depth = 0;
  for (const sign of bare) {
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
