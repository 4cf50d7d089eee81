// The verbs of a send: written, released, paused, ended.
import type { Newsletter } from 'rostra/people';
import { invalid, notFound, refused, type Scope } from 'rostra/plugin';
import { answered, leaveByWord, received, report, reportAll } from './after.ts';
import { barOf, nameOf } from './approval.ts';
import { channelOf } from './channel.ts';
import type { Deps } from './deps.ts';
import { frameOf } from './frame.ts';
import { assumedActOf } from './freeze.ts';
import {
  type Audience,
  type AudienceGroup,
  type Outreach,
  type SendState,
  valueOfAudience,
} from './index.ts';
import { nextMoment } from './quiet.ts';
import { demandDeclared } from './selection.ts';
import {
  approveSend,
  deleteDraft,
  findSend,
  findSends,
  insertSend,
  moveSend,
  type SendRow,
  updateSend,
  type Writer,
} from './send.sql.ts';
import { ofNoSend, stopPathOf } from './stop.ts';

export const runJob = 'run';

export function makeOutreach(deps: Deps): Outreach {
  return {
    find: findSend,
    async demand(scope, channel, id) {
      const send = await findSend(scope, id);
      if (send?.channel !== channel) throw notFound('send', id);
      return send;
    },
    newsletters: (scope) => ownNewsletters(scope, deps),
    audiences: (scope) => audiencesOf(scope, deps),
    async count(scope, about) {
      if (!about.newsletterId && !about.tagId) return 0;
      const { info } = await channelOf(scope, deps, about.channel);
      const counted = await deps.reach.count(scope, assumedActOf(info, about));
      return counted.reduce((sum, { answer, people }) => sum + (answer.may ? people : 0), 0);
    },
    frame: (scope, about) => frameOf(scope, deps, about),
    stopPath: (scope, { personId, newsletterId }) =>
      stopPathOf(scope, deps, { id: ofNoSend, personId }, { newsletterId, channel: 'email' }),
    recent: (scope, channel, most) => findSends(scope, { channel, most }),
    report,
    reportAll,
    answered,
    received,
    leave: (scope, of) => leaveByWord(scope, deps, of),
    moment: async (scope, { channel, country }) => {
      const { timeZone } = scope.organization;
      return nextMoment(scope.law, { channel, country, timeZone }, scope.now());
    },
    create: (scope, { channel, ...fields }) =>
      scope.write(async (own) => {
        await demandAudience(own, deps, fields);
        const id = await insertSend(own, { ...fields, channel }, writerOf(own));
        await record(own, deps, 'send.written', id);
        return id;
      }),
    change: (scope, id, version, fields) =>
      scope.write(async (own) => {
        await demandAudience(own, deps, fields);
        if (!(await findSend(own, id))) throw notFound('send', id);
        if (!(await updateSend(own, id, version, fields, writerOf(own))))
          throw refused(changed, {});
        await record(own, deps, 'send.changed', id);
      }),
  };
}

const changed = 'outreach.changed-meanwhile';

/** To the subscribers of another part of the party that part writes. */
export async function ownNewsletters(scope: Scope, deps: Deps): Promise<Newsletter[]> {
  const all = await deps.newsletters.list(scope);
  return all.filter(({ organizationId }) => organizationId === scope.organization.id);
}

async function audiencesOf(scope: Scope, deps: Deps): Promise<AudienceGroup[]> {
  const newsletters = await ownNewsletters(scope, deps);
  const tags = await deps.tags.list(scope);
  const groups = [
    {
      label: scope.t('outreach.to.newsletters'),
      options: newsletters.map(({ id, name }) => ({
        ...{ value: valueOfAudience({ newsletterId: id }), label: name },
      })),
    },
    {
      label: scope.t('outreach.to.tags'),
      options: tags.map(({ id, name, people }) => ({
        value: valueOfAudience({ tagId: id }),
        label: scope.t('outreach.to.tag', { name, count: people }),
      })),
    },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/** One of its own newsletters, or a tag that somebody has whom it sees. */
async function demandAudience(scope: Scope, deps: Deps, { newsletterId, tagId }: Audience) {
  const isNewsletter = async () =>
    (await ownNewsletters(scope, deps)).some(({ id }) => id === newsletterId);
  const isOne = tagId ? !newsletterId && deps.tags.has(scope, tagId) : isNewsletter();
  if (await isOne) return;
  throw invalid([{ path: '/to', message: 'outreach.fault.to' }]);
}

/** Begins at `startsAt`; a text that lacks something is refused as `invalid`. */
export async function release(
  scope: Scope,
  deps: Deps,
  send: SendRow,
  given: { version: number; startsAt: Date; declared?: readonly string[] },
): Promise<void> {
  const { version, startsAt } = given;
  const { service, info } = await channelOf(scope, deps, send.channel);
  const faults = await service.check(scope, send);
  if (faults.length > 0) throw invalid(faults);
  // Who wrote it is known of the version that was looked at.
  if (send.version !== version) throw refused(changed, {});
  const { may, provided } = await deps.reach.tell(scope, assumedActOf(info, send));
  const bar = await barOf(scope, deps, send, may);
  if (bar) throw refused('outreach.second-needed', { count: bar.from });
  const declared = demandDeclared(provided, given.declared ?? []);
  await scope.write(async (own) => {
    await demandAudience(own, deps, send);
    const by = { version, approver: writerOf(own), startsAt, declared };
    if (!(await approveSend(own, send.id, by))) throw refused(changed, {});
    await record(own, deps, 'send.approved', send.id);
    await wake(own, deps, send.id, startsAt);
  });
}

/** Woken twice it runs once, and one run after the other: a long send must not take every worker. */
export function wake(scope: Scope, deps: Deps, sendId: string, runAt?: Date): Promise<void> {
  const queue = `outreach.run:${sendId}`;
  return deps.jobs.add(scope, runJob, { sendId }, { key: queue, queue, ...(runAt && { runAt }) });
}

const moves = {
  pause: { from: ['sending'], to: 'paused', act: 'send.paused' },
  resume: { from: ['paused'], to: 'sending', act: 'send.resumed' },
  cancel: { from: ['approved', 'sending', 'paused'], to: 'cancelled', act: 'send.cancelled' },
} as const satisfies Record<string, { from: SendState[]; to: SendState; act: string }>;
export type Move = keyof typeof moves;

export function move(scope: Scope, deps: Deps, id: string, how: Move): Promise<void> {
  const { from, to, act } = moves[how];
  return scope.write(async (own) => {
    if (!(await moveSend(own, id, from, to))) throw refused(changed, {});
    await record(own, deps, act, id);
    if (how === 'resume') await wake(own, deps, id);
  });
}

export function discard(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    if (!(await deleteDraft(own, id))) throw refused(changed, {});
    await record(own, deps, 'send.discarded', id);
  });
}

function record(scope: Scope, deps: Deps, act: string, id: string): Promise<void> {
  return deps.audit.record(scope, { act, subject: { type: 'send', id } });
}

const writerOf = (scope: Scope): Writer => ({
  ...{ id: scope.actor.kind === 'staff' ? scope.actor.accountId : null, name: nameOf(scope) },
});
