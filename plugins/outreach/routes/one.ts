// One text to many: before it is sent, while it leaves, and what became of it.
import {
  actsToMany,
  type Context,
  letFrameOwn,
  notFound,
  silenceWords,
  toLocal,
} from 'rostra/plugin';
import { barOf, isWriter } from '../approval.ts';
import { cameOf } from '../came.ts';
import { channelOf } from '../channel.ts';
import type { Deps } from '../deps.ts';
import { assumedActOf } from '../freeze.ts';
import { countOften } from '../often.ts';
import { readersOf } from '../readers.ts';
import { findEnded } from '../recipient.sql.ts';
import { resultsOf } from '../results.ts';
import { lacksFunding } from '../selection.ts';
import { findSend, type SendRow } from '../send.sql.ts';
import { findWaits } from '../wait.sql.ts';

export const home = '/admin/outreach';
const shownPeople = 50;
type Form = { values: Record<string, unknown>; faults: Record<string, string> };
const empty: Form = { values: {}, faults: {} };

export async function sendOf(ctx: Context): Promise<SendRow> {
  const id = ctx.params['id'] ?? '';
  const send = await findSend(ctx.scope, id);
  if (!send) throw notFound('send', id);
  return send;
}

export async function showOne(deps: Deps, ctx: Context, form = empty): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(ctx);
  const { service, info } = await channelOf(scope, deps, send.channel);
  const to = await audienceOf(deps, ctx, send);
  const isOpen = ['draft', 'approved', 'sending', 'paused'].includes(send.state);
  const common = {
    ...{ send, info, to, form },
    obstacle: isOpen ? await service.obstacle(scope) : undefined,
    silence: isOpen ? await silenceAt(deps, ctx, send) : undefined,
  };
  const act = assumedActOf(info, send);
  if (send.state === 'draft') {
    const faults = await service.check(scope, send);
    const lacks = faults.map(({ message, params }) => scope.t(message, params));
    const status = Object.keys(form.faults).length > 0 ? 422 : 200;
    const reach = await deps.reach.tell(scope, act);
    // The text as a reader gets it.
    letFrameOwn(ctx);
    const often = await countOften(scope, deps, act);
    const bar = await barOf(scope, deps, send, reach.may);
    const isOwn = isWriter(scope, send.writerId);
    const asked = send.askedStart && toLocal(send.askedStart, scope.organization.timeZone);
    const isUnfunded = send.tagId !== undefined && (await lacksFunding(scope, deps));
    const more = { lacksFunding: isUnfunded };
    return ctx.render(
      'before',
      { ...common, ...more, reach, lacks, bar, isOwn, asked, often },
      status,
    );
  }
  const isBegun = send.state !== 'approved';
  const isDue = !isBegun && send.startsAt !== null && send.startsAt <= scope.now();
  const counts = await resultsOf(scope, send.id);
  await ctx.render('progress', {
    ...common,
    // To count a million takes seconds: not each time that the page asks whether all of them are written down.
    reach: isBegun || isDue ? undefined : await deps.reach.tell(scope, act),
    isDue,
    counts,
    readers: isBegun ? await readersOf(scope, send, info, counts) : undefined,
    came: isBegun ? await cameOf(scope, deps, send.mark) : [],
    waits: isOpen ? await findWaits(scope, send.id) : [],
    ended: isBegun ? await endedOf(deps, ctx, send) : [],
  });
}

/** By its name: what it was called where it is no more is not known. */
async function audienceOf(deps: Deps, { scope }: Context, { newsletterId, tagId }: SendRow) {
  const newsletter = newsletterId && (await deps.newsletters.find(scope, newsletterId));
  const tag = tagId && (await deps.tags.find(scope, tagId));
  return { kind: tagId ? 'tag' : 'newsletter', name: (newsletter || tag || { name: '' }).name };
}

/** A message begun now, or when it is planned, may fall into it: it waits until that is over. */
async function silenceAt(deps: Deps, { scope }: Context, { startsAt }: SendRow) {
  const when = startsAt && startsAt > scope.now() ? startsAt : scope.now();
  const silenced = await deps.silence.at(scope, actsToMany, when).catch(() => undefined);
  return silenced && silenceWords(scope, silenced);
}

/** The first of those whose message did not arrive, or nobody knows. */
async function endedOf(deps: Deps, { scope }: Context, send: SendRow) {
  if (!scope.may('people.person.read')) return [];
  const ended = [];
  // One after the other: staff of a chapter read on one connection.
  for (const state of ['unknown', 'refused', 'skipped'] as const) {
    const rows = await findEnded(scope, send.id, state, shownPeople);
    const ids = rows.flatMap(({ personId }) => personId ?? []);
    const people = new Map((await deps.people.findMany(scope, ids)).map((one) => [one.id, one]));
    const shown = rows.flatMap(({ personId, answer }) => {
      const person = people.get(personId ?? '');
      return person ? [{ id: person.id, name: person.displayName, answer }] : [];
    });
    if (shown.length > 0) ended.push({ state, shown });
  }
  return ended;
}
