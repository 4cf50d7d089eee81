// For the tests: settings for gateways that many have, read from the table of docs/sms.md, whose first column is what stands on the screen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const doc = readFileSync(join(folder, '../../../docs/sms.md'), 'utf8');
const words: Record<string, string> = JSON.parse(
  readFileSync(join(folder, '../locales/en.json'), 'utf8'),
);
const before = 'sms.gateway.http.';
const settings = new Map(
  Object.entries(words).flatMap(([key, label]) =>
    key.startsWith(before) ? [[label, key.slice(before.length)] as const] : [],
  ),
);

/** Each column, setting by setting. Throws for a row that is no setting. */
function columnOf(place: number): Record<string, string> {
  const [, table = ''] = /\n\| setting \|[^\n]*\n[^\n]*\n((?:\|[^\n]*\n)+)/.exec(doc) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const filled = rows.flatMap(([, label = '', ...cells]) => {
    const name = settings.get(label);
    if (!name) throw new Error(`docs/sms.md: "${label}" is no setting`);
    const value = (cells[place] ?? '').replace(/^`|`$/g, '');
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(filled);
}

export const httpExamples = { ovh: columnOf(0), kannel: columnOf(1) };
