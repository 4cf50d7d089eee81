// A list of 200,000 people into all tables, against COPY into staging and one upsert of the same rows in the same run.
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startChild } from './child.ts';
import { atLeast, type Bench, below, median, sized } from './measure.ts';
import { makeData } from './server.ts';

const people = sized(200_000);
const rounds = 3;

export interface ImportTimes {
  /** Seconds. */
  ground: number;
  first: number;
  again: number;
  created: number;
  unchanged: number;
  megabytes: number;
  /** The same rows into the same tables under the same indexes, and nothing else: see `insertBare`. */
  floor: number;
  /** How many these are. */
  rows: number;
  /** Seconds of processors: on a busy machine they say more than the clock. */
  computed: { ground: number; first: number; floor: number };
}

export const importing: Bench = {
  name: 'import',
  async run(say) {
    const all: ImportTimes[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const data = await makeData();
      try {
        const file = path.join(data.folder, '..', 'people.csv');
        await pipeline(Readable.from(listOf(people)), createWriteStream(file));
        all.push(await measureOne(data.folder, file));
        say(`  round ${round}: ${JSON.stringify(all.at(-1))}`);
      } finally {
        await data.remove();
      }
    }
    const rate = (of: (times: ImportTimes) => number) => median(all.map((one) => people / of(one)));
    const [ground, first, again] = [
      rate((t) => t.ground),
      rate((t) => t.first),
      rate((t) => t.again),
    ];
    const rows = { rows: people, rounds };
    const perPerson = (of: (times: ImportTimes) => number) =>
      (median(all.map(of)) * 1_000_000) / people;
    const floor = {
      'rows written a person': median(all.map((one) => one.rows)) / people,
      'bare inserts of these, rows/s': rate((t) => t.floor),
      'processors, µs a person': perPerson((t) => t.computed.first),
      'of bare inserts, µs': perPerson((t) => t.computed.floor),
      'of the limit, µs': perPerson((t) => t.computed.ground),
    };
    return [
      atLeast(0.15, {
        ...{ name: 'import into all tables, against COPY and one upsert', value: first },
        ...{ limit: ground, unit: 'rows/s', notes: { ...rows, ...floor } },
      }),
      atLeast(3, {
        ...{ name: 'the same file again, against the first time', value: again },
        ...{ limit: first, unit: 'rows/s', notes: rows },
      }),
      below(1, {
        ...{ name: 'memory of the importing process at its highest', limit: 300, unit: 'MB' },
        ...{ value: Math.max(...all.map((one) => one.megabytes)), notes: rows },
      }),
    ];
  },
};

/** In a process of its own, whose memory is nobody else's. */
async function measureOne(data: string, file: string): Promise<ImportTimes> {
  const child = startChild('bench/import-child.ts', [file], { ROSTRA_DATA: data });
  try {
    const [, json = '{}'] = await child.says(/times (\{.*\})/, 600_000);
    return JSON.parse(json);
  } finally {
    await child.stop();
  }
}

const firstNames = ['Zoé', 'Ali', 'Jean-Pierre', 'Léa', 'Noël', 'Inès', 'Bo', 'Marguerite'];
const lastNames = ['Lefèvre', 'Martin', 'Ben Ali', 'd’Arc', 'Dupont-Durand', 'Nguyen', 'Roy'];

function* listOf(count: number): Iterable<string> {
  yield 'first name,last name,email,phone,birth date,address,zip,city,country,relation,tags\n';
  for (let n = 0; n < count; n += 1) {
    const first = firstNames[n % firstNames.length];
    const last = `${lastNames[n % lastNames.length]} ${n % 9_973}`;
    const phone = `06 ${String(10_000_000 + n).replace(/(..)(?=.)/g, '$1 ')}`;
    const born = `${1940 + (n % 60)}-${String(1 + (n % 12)).padStart(2, '0')}-15`;
    const place = `${1 + (n % 200)} rue de la République,${String(1_000 + (n % 90_000)).padStart(5, '0')}`;
    const relation = n % 4 === 0 ? 'member' : 'contact';
    yield `${first},${last},person${n}@example.org,${phone},${born},${place},Ville ${n % 500},FR,${relation},"list, ${n % 50}"\n`;
  }
}
