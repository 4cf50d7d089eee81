// `npm run bench -- [name …]`: runs the benches named, or all, prints a table and keeps the figures.

import { backup } from './backup.ts';
import { fundraising } from './fundraising.ts';
import { importing } from './import.ts';
import { ledger } from './ledger.ts';
import { keep, type Measure, tableOf } from './measure.ts';
import { outreaching } from './outreach.ts';
import { pages } from './pages.ts';
import { people } from './people.ts';
import { reaching } from './reach.ts';
import { rights } from './rights.ts';
import { texting } from './sms.ts';
import { start } from './start.ts';

const benches = [
  ...[
    pages,
    start,
    people,
    importing,
    reaching,
    rights,
    ledger,
    fundraising,
    outreaching,
    texting,
    backup,
  ],
];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const names = process.argv.slice(2);
const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
if (unknown !== undefined) {
  say(`There is no bench '${unknown}'; there are: ${benches.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const all: Measure[] = [];
for (const bench of benches) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  say(`${bench.name} …`);
  const measures = await bench.run(say);
  say(`kept in ${keep(bench.name, measures)}`);
  all.push(...measures);
}
process.stdout.write(`${tableOf(all)}\n`);
process.exit(all.every(({ isMet }) => isMet) ? 0 : 1);
