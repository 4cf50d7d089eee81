// Money under load: gifts accepted a second, the cap decided and the treasurer's report drawn over a million gifts.
import { randomUUID } from 'node:crypto';
import type { Db } from '../core/database/connect.ts';
import type { Scope } from '../core/scope.ts';
import { actOf } from '../plugins/fundraising/day.ts';
import { type Deps, depsOf } from '../plugins/fundraising/deps.ts';
import { sumTaken } from '../plugins/fundraising/donor.sql.ts';
import { makeRecipient, offerOf } from '../plugins/fundraising/fixture.ts';
import { record } from '../plugins/fundraising/pledge.ts';
import type { Recipient } from '../plugins/fundraising/recipient.sql.ts';
import { reportOf } from '../plugins/fundraising/report.sql.ts';
import { judge, openTill } from '../plugins/fundraising/till.ts';
import { hearing } from './hooks.ts';
import { withParty } from './house.ts';
import { atLeast, type Bench, below, type Measure, median, seconds, sized } from './measure.ts';

const gifts = 2_000;
const atOnce = 8;
const many = sized(1_000_000);
const donors = Math.ceil(many / 20);
const rounds = 5;

export const fundraising: Bench = {
  name: 'fundraising',
  run: async (say) => [...(await moving(say)), await hearing(say)],
};

function moving(say: (line: string) => void): Promise<Measure[]> {
  return withParty(async (bench) => {
    const scope = bench.scope();
    const deps = depsOf(bench.get('fundraising'));
    const recipient = await makeRecipient(scope, { name: 'Measured' });
    const measures = [await accepting(scope, deps, recipient)];
    say('  filling …');
    await fill(scope.db, recipient.id);
    return [...measures, await capping(scope, recipient), await reporting(scope, recipient)];
  });
}

/** Law, ledger and event of each; every gift is a donor's of their own, as on the evening of a debate. */
async function accepting(scope: Scope, deps: Deps, recipient: Recipient): Promise<Measure> {
  const { identity } = offerOf(scope);
  const give = (number: number) => {
    const emailAddress = `donor${number}@personne.example`;
    const offer = offerOf(scope, { identity: { ...identity, emailAddress } });
    return record(scope, deps, recipient, offer, { source: 'staff', key: randomUUID() });
  };
  await Promise.all(Array.from({ length: 50 }, (_, number) => give(-number - 1)));
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < gifts; number = next++) await give(number);
  };
  const taken = await seconds(() => Promise.all(Array.from({ length: atOnce }, worker)));
  const floor = await plainCommits(scope.db);
  return atLeast(1, {
    name: 'gifts accepted: law, ledger, person, event',
    ...{ value: gifts / taken, limit: 200, unit: '/s' },
    notes: {
      'plain commits, /s': floor,
      'part of plain': gifts / taken / floor,
      'at once': atOnce,
    },
  });
}

/** What the database commits of single rows, as many at once. */
async function plainCommits(db: Db): Promise<number> {
  await db.raw('create table if not exists public.bench_row (n bigint)');
  const worker = async (): Promise<void> => {
    for (let n = 0; n < 250; n += 1) await db.raw('insert into public.bench_row values (?)', [n]);
  };
  const taken = await seconds(() => Promise.all(Array.from({ length: atOnce }, worker)));
  await db.raw('drop table public.bench_row');
  return (250 * atOnce) / taken;
}

/** Twenty gifts a donor over five years, as rows alone: what is measured reads them. */
async function fill(db: Db, recipientId: string): Promise<void> {
  await db.transaction(async (own) => {
    await own.raw('alter table fundraising.donation disable trigger hold_cap');
    await own.raw(
      `insert into fundraising.donor (type, identity_hash, created_at)
       select 'natural_person', sha256(n::text::bytea), now() from generate_series(1, :donors) n`,
      { donors },
    );
    await own.raw(
      `insert into fundraising.donation (recipient_id, donor_id, state, amount_minor, currency, method, given_on,
         source, key, cap_scope, cap_minor, created_at, settled_at)
       select :recipientId, g.first + (n % :donors), 'accepted', 500 + n % 9000, 'EUR',
         (array['card', 'transfer', 'cheque'])[1 + n % 3], date '2022-01-01' + (n % 1780)::int, 'staff',
         'bench-gift-' || n, 'all_parties/' || extract(year from date '2022-01-01' + (n % 1780)::int), 750000, now(), now()
       from generate_series(1, :many) n,
         (select min(id) as first from fundraising.donor where identity_hash = sha256('1'::bytea)) g`,
      { recipientId, donors, many },
    );
    await own.raw('alter table fundraising.donation enable trigger hold_cap');
  });
  await db.raw('vacuum analyze fundraising.donation');
}

async function capping(scope: Scope, recipient: Recipient): Promise<Measure> {
  const found = await scope.db.raw(
    `select distinct donor_id as id from fundraising.donation where key like 'bench-gift-%' limit 400`,
  );
  const offer = offerOf(scope);
  const times: number[] = [];
  for (const { id } of found.rows) {
    times.push(
      await seconds(async () => {
        const till = openTill(scope, recipient, actOf(offer.givenOn));
        const { cap } = judge(till, offer, { yearMinor: 0, cashMinor: 0 });
        if (!cap) throw new Error('There is no cap.');
        await sumTaken(scope, id, cap.scope);
      }),
    );
  }
  times.sort((one, other) => one - other);
  const value = median(times) * 1_000;
  const slowest = (times.at(Math.floor(times.length * 0.99)) ?? 0) * 1_000;
  const name = `cap decided among ${many.toLocaleString('en')} gifts`;
  return below(1, { name, value, limit: 5, unit: 'ms', notes: { 'p99, ms': slowest } });
}

async function reporting(scope: Scope, { id }: Recipient): Promise<Measure> {
  const span = { since: '2022-01-01', until: '2026-12-31' };
  const draw = () => seconds(() => reportOf(scope, id, span, 'month'));
  const plain = () =>
    seconds(() =>
      scope.db.raw('select sum(amount_minor) from fundraising.donation where recipient_id = :id', {
        id,
      }),
    );
  await draw();
  const taken: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    taken.push(await draw());
    floor.push(await plain());
  }
  const name = `treasurer's report over ${many.toLocaleString('en')} gifts`;
  const notes = { 'plain sum, s': median(floor), 'times plain': median(taken) / median(floor) };
  return below(1, { name, value: median(taken), limit: 1, unit: 's', notes });
}
