// Ten thousand calls of Stripe's: out of order and each twice they end in the same ledger as in order and once.
import { isDeepStrictEqual } from 'node:util';
import type { Scope } from '../core/scope.ts';
import { type Deps, depsOf } from '../plugins/fundraising/deps.ts';
import { aroundOf, makeRecipient, offerOf } from '../plugins/fundraising/fixture.ts';
import { sumBalances } from '../plugins/fundraising/ledger.sql.ts';
import { openPayment } from '../plugins/fundraising/payment.ts';
import { loopbackPlugin, page, settingsOf } from '../plugins/fundraising/payments/fixture.ts';
import { type StripePeer, startStripe } from '../plugins/fundraising/payments/stripe-peer.ts';
import { pledge } from '../plugins/fundraising/pledge.ts';
import { findAccounts } from '../plugins/fundraising/provider-account.sql.ts';
import { hookPathOf, saveAccount } from '../plugins/fundraising/provider-account.ts';
import { type Life, lifeOf, type News, steps } from './hooks-lives.ts';
import { withParty } from './house.ts';
import { atLeast, type Measure, seconds, sized } from './measure.ts';

const events = Math.min(sized(10_000), 10_000);
const gifts = Math.ceil(events / steps);
const atOnce = 8;

/** One recipient with an account at Stripe on loopback, and its gifts as they were promised. */
interface Till {
  recipientId: string;
  hook: string;
  lives: Life[];
  /** What stands for an id when two ledgers are held against each other. */
  names: Map<string, string>;
}

interface Ground {
  stripe: StripePeer;
  scope: Scope;
  deps: Deps;
  url: string;
}

export async function hearing(say: (line: string) => void): Promise<Measure> {
  const ends: (() => unknown)[] = [];
  const t = { teardown: (end: () => unknown) => void ends.push(end) };
  try {
    const stripe = await startStripe(t, () => new Date());
    const ROSTRA_PLUGINS = loopbackPlugin(t as never, stripe.url);
    return await withParty(
      (bench) => {
        const deps = depsOf(bench.get('fundraising'));
        return compare({ stripe, scope: bench.scope(), deps, url: bench.url }, say);
      },
      { ROSTRA_PLUGINS, ROSTRA_ROLE: '' },
    );
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function compare(ground: Ground, say: (line: string) => void): Promise<Measure> {
  const [calm, wild] = [await openTill(ground, 'calm'), await openTill(ground, 'wild')];
  say(`  ${gifts} gifts promised twice, ${gifts * steps} calls about them …`);
  const once = await seconds(() => inOrder(ground, calm));
  const twice = await seconds(() => outOfOrder(ground, wild));
  const [left, right] = [await ledgerOf(ground, calm), await ledgerOf(ground, wild)];
  const both = new Set(right);
  const same = left.filter((line) => both.has(line));
  const isSame = isDeepStrictEqual(left, right) && left.length > gifts;
  if (!isSame) say(`  the first that differs: ${left.find((line) => !both.has(line))}`);
  return {
    ...atLeast(1, {
      name: `Stripe’s calls, ${(gifts * steps).toLocaleString('en')} out of order and twice: lines of the ledger as in order and once`,
      ...{ value: same.length, limit: Math.max(left.length, right.length), unit: 'lines' },
      notes: {
        'deliveries heard and settled, /s': (2 * gifts * steps) / twice,
        'in order and once, /s': (gifts * steps) / once,
        'at once': atOnce,
      },
    }),
    isMet: isSame,
  };
}

async function openTill({ stripe, scope, deps }: Ground, name: string): Promise<Till> {
  const recipient = await makeRecipient(scope, { name, isTest: true });
  const order = { recipientId: recipient.id, provider: 'stripe-loopback' };
  await saveAccount(scope, deps, { ...order, settings: settingsOf(stripe, name) });
  const [account] = await findAccounts(scope, recipient.id);
  if (!account) throw new Error('There is no account.');
  const till: Till = {
    recipientId: recipient.id,
    hook: hookPathOf(account),
    lives: [],
    names: new Map(),
  };
  const { identity } = offerOf(scope);
  await each(gifts, async (number) => {
    const emailAddress = `${name}${number}@personne.example`;
    const offer = offerOf(scope, {
      ...{ amountMinor: 1_000 + number, method: 'card' },
      identity: { ...identity, familyName: `${name} ${number}`, emailAddress },
    });
    const { id } = await pledge(
      scope,
      deps,
      recipient,
      offer,
      aroundOf({ source: 'page', key: `bench-${name}-${number}` }),
    );
    const { reference } = await openPayment(scope, deps, id, page);
    till.names.set(id, `gift ${number}`).set(reference, `payment ${number}`);
    const known = (one: string, what: string) => void till.names.set(one, `${what} ${number}`);
    till.lives[number] = lifeOf(stripe, {
      reference,
      number,
      amountMinor: offer.amountMinor,
      known,
    });
  });
  return till;
}

/** Each call is heard, and what it is about settled, before the next about the same gift. */
async function inOrder(ground: Ground, till: Till): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await each(gifts, async (number) => deliver(ground, till, till.lives[number]?.[step]?.()));
    await settled(ground.scope);
  }
}

/** While more happens, a half of what is to be told is told, by chance which; each twice. */
async function outOfOrder(ground: Ground, till: Till): Promise<void> {
  const chance = makeChance(4100);
  let bag: News[] = [];
  for (let step = 0; step < steps; step += 1) {
    const fresh = till.lives.flatMap((life) => life[step]?.() ?? []);
    bag = shuffled([...bag, ...fresh, ...fresh], chance);
    const now = bag.splice(0, step === steps - 1 ? bag.length : bag.length >> 1);
    await each(now.length, (at) => deliver(ground, till, now[at]));
  }
  await settled(ground.scope);
}

/** Signed at the time of delivery, as Stripe does. */
async function deliver(
  { stripe, url }: Ground,
  { hook }: Till,
  news: News | undefined,
): Promise<void> {
  if (!news) return;
  const { headers, body } = stripe.event(news.type, news.thing, new Date());
  const answer = await fetch(`${url}${hook}`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`A call was answered with ${answer.status}.`);
}

/** The queue is empty: nothing waits, nothing runs. */
async function settled({ db }: Scope): Promise<void> {
  for (;;) {
    const { rows } = await db.raw(
      `select count(*) filter (where j.attempts < j.max_attempts) as waiting, min(j.last_error) as fault
       from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id
       where k.identifier = 'fundraising.hear'`,
    );
    if (rows[0].fault) throw new Error(`A call could not be settled: ${rows[0].fault}`);
    if (Number(rows[0].waiting) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Every line and every gift, but for ids and times; sorted, with what stands on each account at the end. */
async function ledgerOf({ scope }: Ground, { recipientId, names }: Till): Promise<string[]> {
  const entries = await scope.db.raw(
    `select e.kind, e.reference, e.donation_id as id, to_char(e.day, 'YYYY-MM-DD') as day,
       (select jsonb_object_agg(p.account, p.amount_minor) from fundraising.posting p where p.entry_id = e.id) as postings
     from fundraising.entry e where e.recipient_id = :recipientId`,
    { recipientId },
  );
  const donations = await scope.db.raw(
    `select id, state, why, amount_minor as amount, refunded_minor as refunded
     from fundraising.donation where recipient_id = :recipientId`,
    { recipientId },
  );
  const nameOf = (id: string) => names.get(id) ?? `unknown ${id}`;
  const lines = entries.rows.map((row: { reference: string; id: string }) => {
    const [first = '', ...rest] = row.reference.split(':');
    return JSON.stringify({ ...row, reference: [nameOf(first), ...rest], id: nameOf(row.id) });
  });
  const ends = donations.rows.map((row: { id: string }) =>
    JSON.stringify({ ...row, id: nameOf(row.id) }),
  );
  const balances = Object.entries(await sumBalances(scope, recipientId)).sort();
  return [...lines, ...ends].sort().concat(JSON.stringify(balances));
}

async function each(count: number, act: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) await act(at);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The same each time: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function makeChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function shuffled<T>(list: T[], chance: (below: number) => number): T[] {
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = chance(at + 1);
    [list[at], list[other]] = [list[other] as T, list[at] as T];
  }
  return list;
}
