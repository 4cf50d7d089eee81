// A message that came: whose it is, and what it asks for.
import type { Person } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import { channel } from './channel.ts';
import type { Deps } from './deps.ts';
import type { AccountRow } from './gateway-account.sql.ts';
import type { Inbound } from './index.ts';
import { nameOf, say, stopWord } from './notices.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf, optOut, undoOptOut } from './opt-out.ts';
import { plainly } from './parts.ts';
import { queueSingle } from './single.ts';
import { linkPeople, nameSender, noteInbound } from './thread.sql.ts';

/** In the transaction in which it counts as acted on; the message stands in `sms.message` already, by `id`. */
export async function receive(
  scope: Scope,
  deps: Deps,
  account: AccountRow,
  inbound: Inbound & { id: string },
): Promise<void> {
  const number = inbound.from.slice(0, 20) || '?';
  const people = await deps.people.findByNumber(scope, number);
  if (people.length > 0) await deps.returns.heardFrom(scope, number);
  const [only] = people.length === 1 ? people : [];
  const heard = await deps.answerRules.hear(scope, inbound.text, {
    country: countryOf(people),
  });
  const { asked, mentionsStop: asksStop } = heard;
  const came = { accountId: account.id, number, at: inbound.at, asksStop };
  const threadId = await noteInbound(scope, came);
  await linkPeople(
    scope,
    threadId,
    people.map(({ id }) => id),
  );
  if (only) await nameSender(scope, inbound.id, only.id);
  const sendId = await tellOf(scope, deps, { people, threadId, number, at: inbound.at });
  const said = { threadId, number, messageId: inbound.id };
  if (asked === 'stop') await heardStop(scope, deps, account, said);
  if (asked === 'help') await helped(scope, deps, account, said);
  if (asked === 'back') {
    const own = { wording: inbound.text.slice(0, 160), messageId: inbound.id };
    await undoOptOut(scope, deps, { threadId, number, why: '', by: null, said: own });
  }
  // Of a number that several have nobody knows who wrote.
  if (only && asked === undefined && !asksStop) {
    const mark = await markOf(scope, deps, number);
    await deps.answerRules.act(scope, {
      ...{ personId: only.id, channel, address: number, text: inbound.text, sendId },
      ...{ href: `/sms/inbox/${threadId}`, isStopped: await isStopped(scope, mark) },
    });
  }
}

const countryOf = (people: readonly Person[]): string | undefined =>
  people.find(({ country }) => country !== undefined)?.country;

/** On the timeline of each who may have written, and in the results of what it answers: its id. */
async function tellOf(
  scope: Scope,
  deps: Deps,
  {
    people,
    threadId,
    number,
    at,
  }: { people: Person[]; threadId: string; number: string; at: Date },
): Promise<string | undefined> {
  const kind = people.length === 1 ? 'sms.timeline.came' : 'sms.timeline.came-shared';
  const href = `/sms/inbox/${threadId}`;
  for (const { id } of people) await deps.people.note(scope, id, { kind, href });
  return (await deps.outreach.answered(scope, { address: number, channel, at }))?.sendId;
}

interface Said {
  threadId: string;
  number: string;
  messageId: string;
}

/** 47 CFR 64.1200(a)(12) and its like: one confirmation, and nothing after it. */
async function heardStop(scope: Scope, deps: Deps, account: AccountRow, said: Said): Promise<void> {
  const isNew = await optOut(scope, deps, said);
  if (!isNew || scope.law.rule('messaging.opt_out.confirm').value !== true) return;
  const text = say(scope, 'sms.confirm', { sender: nameOf(scope) });
  await queueSingle(scope, deps, account, { ...said, text, kind: 'confirmation' });
}

const helpMost = 2;
const daySeconds = 24 * 3600;

/** Who writes, and how to stop it. Two machines that answer each other come to an end. */
async function helped(scope: Scope, deps: Deps, account: AccountRow, said: Said): Promise<void> {
  if (!(await deps.limits.take(scope, `help:${said.threadId}`, helpMost, daySeconds))) return;
  const { address, contact } = scope.organization.legal;
  const sender = plainly([nameOf(scope), address, contact].filter(Boolean).join(', '));
  const word = stopWord(scope);
  const stop = word ? [say(scope, 'sms.notice.stop', { word })] : [];
  const text = [say(scope, 'sms.help', { sender }), ...stop].join('\n');
  await queueSingle(scope, deps, account, { ...said, text, kind: 'help' });
}
