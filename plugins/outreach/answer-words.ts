// What a short answer asks for, in the words of the packs and as people type them.

/** Each as its pack writes it. */
export interface Words {
  stop: readonly string[];
  /** A stop in the words of any law that the install knows: whoever moved or came from elsewhere is heard as well. */
  abroad: readonly string[];
  help: readonly string[];
  back: readonly string[];
}
export type Asked = Exclude<keyof Words, 'abroad'>;

/** A word so long bears one letter left out, too many, or changed with its neighbour; a longer one also a wrong one. */
const [nearFrom, wrongFrom] = [4, 6];
/** Signs of an answer that is no sentence. */
const longest = 60;

/**
 * Only of an answer that says nothing else: a sentence which happens to hold a word of these is a sentence. `isExact`: what
 * was not typed on a telephone is not guessed at.
 */
export function askedIn(text: string, words: Words, { isExact = false } = {}): Asked | undefined {
  const said = wordOf(text);
  if (said === undefined) return undefined;
  const forms = (kind: keyof Words) => words[kind].map(plain);
  const exact = (['stop', 'help', 'back'] as const).find((kind) => forms(kind).includes(said));
  if (exact) return exact;
  // Of another country's words none is guessed at: one letter more, and it says something else here.
  if (forms('abroad').includes(said)) return 'stop';
  if (isExact) return undefined;
  // To be written to again is never guessed.
  return (['stop', 'help'] as const).find((kind) =>
    forms(kind).some((form) => form.length >= nearFrom && isNear(said, form)),
  );
}

/** Worth a look by staff: it is not clear enough to act on, and too much so to pass over. */
export function mentionsStop(text: string, words: Words): boolean {
  const said = ` ${plain(text.slice(0, 2000))} `;
  return words.stop.some((word) => said.includes(` ${plain(word)} `));
}

function wordOf(text: string): string | undefined {
  if (text.length > longest) return undefined;
  const said = plain(text);
  const parts = said.split(' ');
  // "STOP STOP" is said with more weight, not more words.
  const [first = ''] = parts;
  const once = parts.every((part) => part === first) ? first : said;
  return once === '' ? undefined : once;
}

const alike: Record<string, string> = { 0: 'O', 1: 'I', 3: 'E', 4: 'A', 5: 'S', $: 'S', '@': 'A' };

/** Without accents, case, punctuation, signs that do not show, and the figures that stand for letters. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]+/gu, '')
    .toUpperCase()
    .replace(/[01345$@]/g, (sign) => alike[sign] ?? sign)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** One edit apart at most. Who writes "Top!" is glad, and "shop" is a word: the first letter is there, and of a short word each. */
function isNear(said: string, word: string): boolean {
  const [a, b] = said.length >= word.length ? [said, word] : [word, said];
  if (a.length - b.length > 1 || said[0] !== word[0]) return false;
  let at = 0;
  while (at < b.length && a[at] === b[at]) at += 1;
  if (a.length > b.length) return a.slice(at + 1) === b.slice(at);
  if (a.slice(at + 1) === b.slice(at + 1)) return word.length >= wrongFrom;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
