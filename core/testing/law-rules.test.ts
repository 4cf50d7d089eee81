// The law is data: no amount, hour, country or word of an opt-out stands in code.
import test from 'ava';
import type { Pack } from '../law/schema.ts';
import { filesOf, linesWith, read } from './tree.ts';

const code = filesOf(/\.ts$/).filter(
  (file) =>
    !/\.test\.ts$|^bench\/|^core\/(testing|docs)\/|\/(fixture|killed-[\w-]+)\.ts$/.test(file),
);
const packs: Pack[] = filesOf(/^core\/law\/packs\/.*\.json$/).map((file) => JSON.parse(read(file)));

const valuesOf = (id: RegExp): unknown[] =>
  packs.flatMap((pack) =>
    Object.entries(pack.rules ?? {})
      .filter(([rule]) => id.test(rule))
      .flatMap(([, versions]) => versions.map(({ value }) => value)),
  );

/** Code without comments, which may show what a value looks like. */
const isComment = (line: string) => /^[^:]+:\d+: (\/\*\*|\*|\/\/)/.test(line);

/** What may stand there all the same, each with its reason. */
const excused: [where: RegExp, why: string][] = [
  [/^(core|plugins\/[^/]+)\/(demo|samples)\/|^core\/(cli\/demo|theme\/sampler)\.ts/, 'invented'],
  [/^core\/setup\/(setup|routes)\.ts:.*(locale|language|\? 'fr')/i, 'a language'],
  [/^plugins\/people\/country\.ts:.*languages/, 'languages'],
  [/^core\/(http\/(encoding|page-cache)|theme\/safe)\.ts:.*'br'/, 'a compression, a tag of HTML'],
  [/^core\/http\/toast\.ts:.*length/, 'bytes of a cookie'],
  [/^plugins\/people\/import-row\.ts:.*postcode/, 'how postcodes are written'],
  [/^plugins\/people\/(import-dates|prepare)\.ts:.*(month|isMonthFirst)/, 'how dates are written'],
];

function hits(pattern: RegExp): string[] {
  return linesWith(code, pattern).filter(
    (line) => !isComment(line) && !excused.some(([where]) => where.test(line)),
  );
}

const quoted = (words: readonly string[]) => new RegExp(`['"\`](${words.join('|')})['"\`]`);

test('no code names a country or a pack', (t) => {
  const countries = new Set(packs.flatMap((pack) => pack.countries));
  t.deepEqual(hits(quoted([...countries])), []);
  t.deepEqual(hits(quoted(packs.map(({ id }) => id))), []);
});

test('no code holds a word by which one says stop', (t) => {
  const words = new Set(valuesOf(/^messaging\.opt_out$/).flat() as string[]);
  t.true(words.size > 5);
  t.deepEqual(hits(quoted([...words])), []);
});

test('no code holds an hour of the day', (t) => {
  t.deepEqual(hits(/['"`]([01]\d|2[0-4]):[0-5]\d(-|['"`])/), []);
});

test('no code holds an amount of the law, or any amount in a currency', (t) => {
  const minors = (valuesOf(/^money\./) as { minor?: number | null }[])
    .map((value) => value?.minor ?? 0)
    .filter((minor) => minor > 0);
  const amounts = new Set(minors.flatMap((minor) => [minor, minor / 100]).map(String));
  // Round ones are also sizes and times: which of them the law means, no test can tell.
  const numbers = [...amounts].filter((amount) => !/^(1|2|3|5|6|8|15|25)?0*$|\./.test(amount));
  t.true(numbers.length > 10);
  const literal = numbers.map((number) => [...number].join('_?')).join('|');
  t.deepEqual(hits(new RegExp(`(?<![\\w.])(${literal})(?![\\w.])`)), []);
  t.deepEqual(hits(/\d[\d\s_.,]*(€|£|\bEUR\b|\bUSD\b|\bGBP\b)|[€£]\s?\d/), []);
});
