// Text messages by the engine over SMPP: law asked, stops heard, a row, two steps and a receipt each.
import { setTimeout as wait } from 'node:timers/promises';
import { type Deps, depsOf } from '../plugins/outreach/deps.ts';
import { actOf, freeze } from '../plugins/outreach/freeze.ts';
import { run } from '../plugins/outreach/run.ts';
import { findSend } from '../plugins/outreach/send.sql.ts';
import { findTally } from '../plugins/outreach/tally.sql.ts';
import { depsOf as smsDepsOf } from '../plugins/sms/deps.ts';
import { findOwnAccount } from '../plugins/sms/gateway-account.sql.ts';
import { settleReceipts } from '../plugins/sms/news.ts';
import type { Child } from './child.ts';
import type { BenchHouse } from './house.ts';
import { atLeast, below, type Measure, seconds } from './measure.ts';
import { fillSubscribers, fillTelephones, insertReleased } from './outreach-fill.ts';

const content = { text: 'Bonjour {{prénom|chers amis}}, réunion à 18 h.' };

export async function fillReaders({ scope }: BenchHouse, people: number): Promise<string> {
  const { db } = scope();
  const newsletterId = await fillSubscribers(db, people);
  await fillTelephones(db);
  return newsletterId;
}

/** Until the last receipt stands in the send's numbers. */
export async function rate(bench: BenchHouse, letter: string, people: number): Promise<Measure> {
  const { id, deps, scope } = await release(bench, letter);
  const taken = await seconds(async () => {
    await runOut(bench, deps, id);
    for (let turn = 1; (await findTally(scope, id)).delivered < people; turn += 1) {
      await wait(20);
      // What met a fault is settled within a minute by a job, which does not run here.
      if (turn % 50 === 0) await settleAll(bench);
    }
  });
  const { accepted } = await findTally(scope, id);
  if (accepted !== people) throw new Error(`${accepted} of ${people} were accepted.`);
  return atLeast(1, {
    name: 'text messages by the engine over SMPP: law asked, two steps, a receipt each',
    ...{ value: people / taken, limit: 1_000, unit: '/s', notes: { messages: people } },
  });
}

async function settleAll(bench: BenchHouse): Promise<void> {
  const account = await findOwnAccount(bench.scope());
  if (account) await settleReceipts(bench.scope(), smsDepsOf(bench.get('sms')), account.id);
}

/** `centre`: one where people say stop while their message is claimed, written, or soon will be. */
export async function stopping(bench: BenchHouse, letter: string, centre: Child): Promise<Measure> {
  const { id, deps, scope } = await release(bench, letter);
  await runOut(bench, deps, id);
  await wait(500);
  const told =
    centre
      .output()
      .match(/stops: (.*);/g)
      ?.at(-1)
      ?.slice(7, -1) ?? '{}';
  const { stops, sent, late } = JSON.parse(told);
  const { refused, skipped } = await findTally(scope, id);
  if (!stops || refused + skipped === 0) throw new Error('Nobody was heard.');
  const notes = { 'said stop': stops, 'were sent it after that': sent, 'in its batch': refused };
  return below(1, {
    name: 'stop by text message, until nothing more is sent there',
    ...{ value: late / 1_000, limit: 1, unit: 's', notes },
  });
}

async function release(bench: BenchHouse, letter: string) {
  const scope = bench.scope();
  const deps = depsOf(bench.get('outreach'));
  const id = await insertReleased(scope, letter, content, 'sms');
  const send = await findSend(scope, id);
  if (!send) throw new Error('There is no send.');
  await freeze(scope, deps, send, actOf({ reach: 'sms' }, send));
  await scope.db.raw('vacuum analyze outreach.recipient');
  return { id, deps, scope };
}

/** A run makes room for others after a while, and is woken anew. */
async function runOut(bench: BenchHouse, deps: Deps, id: string): Promise<void> {
  while ((await findSend(bench.scope(), id))?.state === 'sending')
    await run(bench.scope(), deps, id);
}
