// What the law makes of a party, its next dates, its table, and that all of it can be said in both languages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { IntlMessageFormat } from 'intl-messageformat';
import { explain } from './explain.ts';
import { nextDates, outlook } from './outlook.ts';
import { loadPacks, type Packs } from './pack.ts';
import { enforcements, ruleIds, ruleName } from './rules.ts';
import { matters, type Pack } from './schema.ts';
import { capabilities, conditionSentence } from './vocabulary.ts';

const when = new Date('2026-11-24T12:00:00Z');
const sentences = (locale: string): Record<string, string> =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'locales', `${locale}.json`), 'utf8'));

function say(locale: string, { key, params }: { key: string; params?: Record<string, unknown> }) {
  const message = sentences(locale)[key];
  if (message === undefined) throw new Error(`${locale} has no ${key}`);
  return String(new IntlMessageFormat(message, locale).format(params as Record<string, string>));
}

test('choosing the United States instead of France flips most lines', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const verdicts = (id: string) => outlook(packs, id, when).map((item) => item.verdict);
  t.deepEqual(verdicts('fr'), ['no', 'limits', 'limits', 'limits', 'limits', 'limits']);
  t.deepEqual(verdicts('us'), ['limits', 'yes', 'yes', 'limits', 'limits', 'yes']);
});

test('each line has its source, its date and whether it was verified', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const [social, newsletter, , hours, gifts] = outlook(packs, 'fr', when);
  t.like(social, { source: 'CNIL, communiqué du 8 novembre 2016', verified: true });
  t.like(newsletter, { source: 'Reg. (EU) 2024/900, art. 18(3)', verified: true });
  t.like(hours, { verified: false });
  t.regex(say('fr', gifts?.sentence ?? { key: '' }), /7\s500\sEUR.*4\s600\sEUR.*150\sEUR/);
  t.regex(say('en', gifts?.sentence ?? { key: '' }), /7,500\sEUR.*4,600\sEUR.*150\sEUR/);
});

test('figures of an election that has passed are shown as provisional', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const gifts = (day: string) => outlook(packs, 'us', new Date(day))[4];
  t.like(gifts('2026-11-03T12:00:00Z'), { provisional: false });
  t.like(gifts('2026-11-24T12:00:00Z'), { provisional: true });
});

test('a matter says of its capability what the gate says, on every day', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const word = { denied: 'no', conditional: 'limits', allowed: 'yes' };
  for (const id of [...packs.ids, 'eu']) {
    for (const day of ['2025-10-10T12:00:00Z', '2026-11-24T12:00:00Z', '2030-01-01T00:00:00Z']) {
      const table = explain(packs, id, new Date(day));
      for (const matter of matters) {
        const said = packs.matter(id, matter, new Date(day))?.value;
        const row = table.find((one) => one.capability === said?.capability);
        if (row) t.is(said?.verdict, word[row.verdict] as 'no', `${id} ${matter} ${day}`);
      }
    }
  }
});

test('the next dates begin with what has lapsed and go on in order', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const dates = (id: string, at = when) =>
    nextDates(packs, id, at).map((next) => `${next.date} ${next.sentence.key}`);
  t.deepEqual(dates('us'), [
    '2026-11-03 law.matter.gifts.ends',
    '2026-12-31 law.date.yearly_limits_end',
    '2027-01-31 law.date.revoke_all',
  ]);
  t.deepEqual(dates('fr'), [
    '2027-03-15 law.date.receipt_forms',
    '2027-04-15 law.date.agent_files',
  ]);
  t.deepEqual(dates('ca-qc'), ['2027-01-01 law.matter.gifts.begins'], 'its parent is not heard');
  t.deepEqual(dates('fr', new Date('2028-04-01T12:00:00Z')), [
    '2028-04-15 law.date.agent_files',
    '2029-03-15 law.date.receipt_forms',
  ]);
  t.true(
    dates('fr', new Date('2025-10-01T12:00:00Z')).includes(
      '2025-10-10 law.capability.enrich.social.begins',
    ),
  );
  t.deepEqual(
    nextDates(packs, 'us', when).map((next) => next.lapsed),
    [true, false, false],
  );
});

test('the table has every capability with verdict, conditions, reasons and what is lawful instead', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const rows = explain(packs, 'fr', when);
  t.deepEqual(
    rows.map((row) => row.capability),
    [...capabilities],
  );
  t.like(
    rows.find((row) => row.capability === 'audience.segment'),
    { verdict: 'conditional', unwritten: false, instead: 'law.instead.audience.segment' },
  );
  t.like(
    rows.find((row) => row.capability === 'import.donor_register'),
    { verdict: 'denied', unwritten: true },
  );
  t.is(rows.find((row) => row.capability === 'publish.page')?.instead, undefined);
});

/** Every sentence that the law's own code or packs can ask for. */
function askable(packs: Packs): string[] {
  const all = ['eu', ...packs.ids].map((id) => packs.get(id) as Pack);
  const versions = all.flatMap((one) => Object.values(one.capabilities).flat());
  const lines = all.flatMap((one) => Object.values(one.matters).flat());
  return [
    ...capabilities.flatMap((word) => [
      ...['name', 'sentence', 'begins', 'ends'].map((part) => `law.capability.${word}.${part}`),
      `law.instead.${word}`,
    ]),
    ...matters.flatMap((one) => ['name', 'begins', 'ends'].map((p) => `law.matter.${one}.${p}`)),
    ...versions.flatMap((one) => (one.requires ?? []).map((word) => conditionSentence(word).key)),
    ...lines.map((line) => line.sentence),
    ...all.flatMap((one) => (one.dates ?? []).map((date) => date.sentence)),
    ...ruleIds.map(ruleName),
    ...enforcements.map((word) => `law.enforce.${word}`),
    ...['unwritten', 'unknown_word', 'unknown_pack', 'draft'].map((why) => `law.default.${why}`),
  ];
}

test('all that the law may say can be said in both languages, and nothing is kept in vain', async (t) => {
  const packs = await loadPacks({ isSigned: () => true });
  const keys = askable(packs);
  for (const locale of ['en', 'fr']) {
    const known = sentences(locale);
    t.deepEqual(
      keys.filter((key) => known[key] === undefined),
      [],
      locale,
    );
    for (const message of Object.values(known))
      t.notThrows(() => new IntlMessageFormat(message, locale));
  }
  t.deepEqual(Object.keys(sentences('en')), Object.keys(sentences('fr')));
  const conditions = Object.keys(sentences('en')).filter((key) =>
    /^law\.(condition|rule)\./.test(key),
  );
  t.deepEqual(
    conditions.filter((key) => !keys.includes(key)),
    [],
  );
});

test('no code of the law holds a country, an amount or a word of a message', (t) => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^[a-z-]+\.ts$/.test(name));
  for (const name of files) {
    const code = readFileSync(join(import.meta.dirname, name), 'utf8').replace(
      /\/\*\*[\s\S]*?\*\/|\/\/.*/g,
      '',
    );
    t.notRegex(
      code,
      /['"`](fr|us|eu|gb|FR|US|EUR|USD|STOP|ARRET)['"`]|\b(7_?500|4_?600|3_?500)\b/,
      name,
    );
  }
});
