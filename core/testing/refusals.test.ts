// A no is short: what is said where something may not be done has at most thirty words, in both languages.
import test from 'ava';
import { filesOf, read } from './tree.ts';

const most = 30;
const counted = (text: string) =>
  text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;

for (const language of ['en', 'fr']) {
  test(`in ${language} no refusal has more than ${most} words, whatever condition it names`, (t) => {
    const files = filesOf(new RegExp(`^(core|plugins)/.*locales/${language}\\.json$`));
    const words: Record<string, string> = Object.assign(
      {},
      ...files.map((file) => JSON.parse(read(file))),
    );
    const named = (pattern: RegExp) => Object.entries(words).filter(([key]) => pattern.test(key));
    const conditions = named(/^law\.condition\./).map(([, text]) => text);
    const longest = conditions.sort((a, b) => counted(b) - counted(a))[0] ?? '';
    const refusals = named(/^(law\.(default|denied|plugin-off)|people\.reach\.(why|hours)\.)/);
    t.true(conditions.length > 20 && refusals.length > 25);
    const long = refusals
      .map(([key, text]): [string, number] => [key, counted(text.replace('{what}', longest))])
      .filter(([, count]) => count > most);
    t.deepEqual(long, []);
    // What would be lawful instead is a sentence of its own.
    t.deepEqual(
      named(/^law\.instead\./).filter(([, text]) => counted(text) > most),
      [],
    );
  });
}
