// The copy and the erasure of somebody on whom ten thousand rows are kept, against the same rows read and deleted by plain SQL.
import { Subjects } from '../core/services.ts';
import { fillTimeline, linkTo, personOf } from '../plugins/privacy/fixture.ts';
import { type BenchHouse, withParty } from './house.ts';
import { type Bench, below, type Measure, median, seconds, sized } from './measure.ts';

const rows = sized(10_000);
const goal = 2;
const rounds = 5;

interface Times {
  /** Seconds. */
  read: number;
  copy: number;
  remove: number;
  erase: number;
  bytes: number;
}

export const rights: Bench = {
  name: 'rights',
  async run(say) {
    const all = await withParty(async (bench) => {
      const taken: Times[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const times = await once(bench, round);
        say(`  round ${round}: ${JSON.stringify(times)}`);
        // The first one finds nothing read and compiled.
        if (round > 0) taken.push(times);
      }
      return taken;
    });
    return [
      verdict(all, { name: 'copy as ZIP of JSON and CSV', of: 'copy', floor: 'read' }),
      verdict(all, { name: 'erasure', of: 'erase', floor: 'remove' }),
    ];
  },
};

interface Asked {
  name: string;
  of: 'copy' | 'erase';
  floor: 'read' | 'remove';
}

function verdict(all: readonly Times[], { name, of, floor }: Asked): Measure {
  const value = median(all.map((one) => one[of]));
  const plain = median(all.map((one) => one[floor]));
  const bytes = median(all.map((one) => one.bytes));
  const notes = { 'plain SQL, s': plain, 'times plain': value / plain, rounds, bytes };
  const what = `${name} of a person with ${rows.toLocaleString('en')} rows`;
  return below(1, { name: what, value, limit: goal, unit: 's', notes });
}

async function once(bench: BenchHouse, round: number): Promise<Times> {
  const scope = bench.scope();
  const email = `ana${round}@personne.example`;
  const id = await personOf(bench, email, { givenName: 'Ana' });
  await fillTimeline(scope.db, id, rows);
  const read = await seconds(() =>
    scope.db.raw('select * from people.timeline where person_id = :id order by id', { id }),
  );
  await post(bench, '/my-data', new URLSearchParams({ email }));
  const link = await linkTo(bench, email);
  let bytes = 0;
  const copy = await seconds(async () => {
    bytes = (await (await post(bench, `${link}/copy`)).arrayBuffer()).byteLength;
  });
  if (bytes < rows) throw new Error(`The copy has ${bytes} bytes.`);
  const erase = await seconds(() => bench.get('privacy')(Subjects).erase(scope, id));
  if ((await countOf(bench, id)) > 0) throw new Error('The erasure left something.');
  return { read, copy, remove: await removed(bench, round), erase, bytes };
}

/** Of somebody else, who has as many. */
async function removed(bench: BenchHouse, round: number): Promise<number> {
  const scope = bench.scope();
  const id = await personOf(bench, `bo${round}@personne.example`);
  await fillTimeline(scope.db, id, rows);
  return seconds(() => scope.db.raw('delete from people.timeline where person_id = :id', { id }));
}

async function countOf(bench: BenchHouse, id: string): Promise<number> {
  const { db } = bench.scope();
  const found = await db.raw(
    'select count(*)::int as rows from people.timeline where person_id = :id',
    { id },
  );
  return found.rows[0].rows;
}

async function post({ url }: BenchHouse, path: string, body?: URLSearchParams): Promise<Response> {
  const headers = { Origin: url, 'Sec-Fetch-Site': 'same-origin' };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, ...(body && { body }) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
  return answer;
}
