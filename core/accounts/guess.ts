// Whether a password is among the first that a stranger would try (NIST SP 800-63B: common, repeated, in sequence, of the context).
import common from './guess.json' with { type: 'json' };

/** A sign that nobody foresees is worth one; a word that everybody tries, a year, a row of keys two; what stood there before one. */
const enough = 8;
const [ofWord, ofRepeat, shortest] = [2, 1, 3];

/** Words of which the passwords are made that were found most often in what was stolen; keys in a row; signs for letters. */
const { words: commonWords, rows } = common;
const keys = [...rows, ...rows.map((row) => [...row].reverse().join(''))];
const lookAlike: Readonly<Record<string, string>> = common.lookAlike;

/** `about`: what a stranger knows, e.g. the party's name and the person's address. */
export function isGuessable(password: string, about: readonly string[] = []): boolean {
  const plain = plainOf(password);
  const words = [...commonWords, ...about.flatMap(wordsIn)];
  const spelled = [plain, ...['i', 'l'].map((one) => asLetters(plain, one))];
  const worth = [0];
  for (let end = 1; end <= plain.length; end += 1) {
    const before = (length: number) => worth[end - length] ?? 0;
    const known = words.filter((word) => spelled.some((one) => one.endsWith(word, end)));
    const row = lengthOf(plain, end, isRow);
    const again = lengthOf(plain, end, isAgain);
    worth.push(
      Math.min(
        before(1) + (isSpent(plain, end) ? 0 : 1),
        ...known.map((word) => before(word.length) + ofWord),
        ...(/(19|20)\d\d$/.test(plain.slice(0, end)) ? [before(4) + ofWord] : []),
        ...(row >= shortest ? [before(row) + ofWord] : []),
        ...(again >= shortest ? [before(again) + ofRepeat] : []),
      ),
    );
  }
  return (worth.at(-1) ?? 0) < enough;
}

function plainOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .trim()
    .toLowerCase();
}

function asLetters(plain: string, one: string): string {
  return [...plain].map((sign) => (sign === '1' ? one : (lookAlike[sign] ?? sign))).join('');
}

/** The whole without its gaps, and each word. */
function wordsIn(text: string): string[] {
  const words = plainOf(text).split(/[^\p{Letter}\p{Number}]+/u);
  return [...words, words.join('')].filter((word) => word.length >= shortest);
}

/** How much of what ends there is so; the longest counts. */
function lengthOf(plain: string, end: number, isSo: typeof isAgain): number {
  let length = 0;
  for (let begin = end - 1; begin >= 0; begin -= 1) {
    if (isSo(plain.slice(begin, end), plain.slice(0, begin))) length = end - begin;
    else if (end - begin >= shortest) break;
  }
  return length;
}

const isRow = (piece: string): boolean =>
  keys.some((row) => row.includes(piece)) || /^(.)\1*$/u.test(piece);

const isAgain = (piece: string, before: string): boolean => before.includes(piece);

/** The second full stop between words is worth nothing. */
function isSpent(plain: string, end: number): boolean {
  const sign = plain.at(end - 1) ?? '';
  return /[^\p{Letter}\p{Number}]/u.test(sign) && plain.indexOf(sign) < end - 1;
}
