// /admin/email/answers: what people wrote back to letters, what was done with it, and what is answered.
import {
  type Context,
  notFound,
  onClock,
  permit,
  type Router,
  type Scope,
  Type,
} from 'rostra/plugin';
import {
  type Answer,
  countNewAnswers,
  findAnswer,
  findAnswers,
  findOthersOf,
  noteNoStop,
  settleAnswer,
} from '../answer.sql.ts';
import { stopFor } from '../answer.ts';
import { parted, textMost, tidyText } from '../answer-text.ts';
import type { EmailSettings } from '../bounce-mailbox.ts';
import type { Deps } from '../deps.ts';
import { findReplies } from '../reply.sql.ts';
import { mayReply, queueReply } from '../reply.ts';

const home = '/admin/email/answers';
const [pageSize, threadMost] = [30, 50];
const Filters = Type.Object({
  of: Type.Optional(Type.Union([Type.Literal('new'), Type.Literal('done')])),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
const ReplyForm = Type.Object({ text: Type.String({ maxLength: textMost }) });

export function answerRoutes(routes: Router, deps: Deps): void {
  const [read, answer] = [permit('email.inbox.read'), permit('email.inbox.answer')];
  routes.get('/answers', read, (ctx) => showAll(deps, ctx));
  routes.get('/answers/:answerId', read, (ctx) => showOne(deps, ctx));
  routes.post('/answers/:answerId/reply', answer, (ctx) => reply(deps, ctx));
  routes.post('/answers/:answerId/done', answer, (ctx) => settle(deps, ctx, true));
  routes.post('/answers/:answerId/open', answer, (ctx) => settle(deps, ctx, false));
  routes.post('/answers/:answerId/stop', answer, (ctx) => stop(deps, ctx));
  routes.post('/answers/:answerId/no-stop', answer, async (ctx) => {
    const { id } = await answerOf(ctx);
    await ctx.scope.write((own) => noteNoStop(own, id));
    ctx.done(`${home}/${id}`, 'email.answer.no-stop.done');
  });
}

async function answerOf({ scope, params }: Context): Promise<Answer> {
  const id = params['answerId'] ?? '';
  const answer = await findAnswer(scope, id);
  if (!answer) throw notFound('answer', id);
  return answer;
}

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { of, q, before } = ctx.filters(Filters);
  const found = await findAnswers(scope, {
    ...{ ...(of && { state: of }), ...(q && { q }), ...(before && { before }) },
    most: pageSize + 1,
  });
  const answers = found.slice(0, pageSize);
  const people = await deps.people.findMany(scope, idsOf(answers));
  const names = new Map(people.map(({ id, displayName }) => [id, displayName]));
  const { answersAddress } = await deps.settings.read<EmailSettings>(scope);
  await ctx.render('answers', {
    ...{ of, q, answersAddress, isNew: await countNewAnswers(scope) },
    answers: answers.map((one) => ({
      ...one,
      // A name is made up with ease.
      who: (one.personId && names.get(one.personId)) || one.from,
      said: parted(one.text).said.replace(/\s+/g, ' ').slice(0, 120),
    })),
    next: found.length > pageSize ? answers.at(-1)?.id : undefined,
  });
}

const idsOf = (answers: readonly Answer[]): string[] => [
  ...new Set(answers.flatMap(({ personId }) => personId ?? [])),
];

interface Again {
  text?: string;
  fault?: string;
}

async function showOne(deps: Deps, ctx: Context, again: Again = {}): Promise<void> {
  const { scope } = ctx;
  const answer = await answerOf(ctx);
  const [person] = await deps.people.findMany(scope, idsOf([answer]));
  const others = await findOthersOf(scope, answer, threadMost);
  const replies = await findReplies(
    scope,
    [answer, ...others].map(({ id }) => id),
  );
  const verdict = await mayReply(scope, deps, answer);
  const isLater = 'goesAt' in verdict && verdict.goesAt > scope.now();
  const letter = answer.key ? await deps.outreach.received(scope, answer.key) : undefined;
  const send = answer.sendId ? await deps.outreach.find(scope, answer.sendId) : undefined;
  await ctx.render(
    'answer',
    {
      ...{ answer, person, send, again, lengthMost: textMost },
      parts: parted(answer.text),
      // What a forwarded letter brings is somebody else's word.
      wentTo: isElsewhere(answer, letter?.address) ? letter?.address : undefined,
      lines: linesOf(others, replies),
      bar: 'bar' in verdict ? scope.t(verdict.bar, verdict.params) : undefined,
      goesAt: isLater ? clock(scope, verdict.goesAt) : undefined,
      lead: scope.t('email.answer.lead', { at: clock(scope, answer.receivedAt) }),
    },
    again.fault ? 422 : 200,
  );
}

const isElsewhere = ({ isProven, from }: Answer, address: string | null | undefined): boolean =>
  isProven && typeof address === 'string' && address.toLowerCase() !== from;

/** What was written in the thread beside the answer at hand, in its order. */
function linesOf(others: readonly Answer[], replies: Awaited<ReturnType<typeof findReplies>>) {
  const theirs = others.map(({ id, text, receivedAt: at }) => ({
    ...{ id, isOurs: false, text: parted(text).said, at },
  }));
  const ours = replies.map(({ id, text, createdAt: at, author, state, dueAt }) => ({
    ...{ id, isOurs: true, text, at, author, state, dueAt },
  }));
  return [...theirs, ...ours].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

const clock = (scope: Scope, at: Date) => onClock(at, scope.organization.timeZone, scope.locale);
const nameOf = ({ actor }: Scope): string => (actor.kind === 'staff' ? actor.name : '');

async function reply(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const answer = await answerOf(ctx);
  const form = await ctx.form(ReplyForm);
  const typed = String(form.values['text'] ?? '');
  const text = tidyText(typed);
  const fail = (fault: string) => showOne(deps, ctx, { text: typed, fault });
  if (!form.ok) return fail(form.faults['text'] ?? '');
  if (text === '') return fail(scope.t('email.answer.empty'));
  const verdict = await mayReply(scope, deps, answer);
  if ('bar' in verdict) return fail(scope.t(verdict.bar, verdict.params));
  const { goesAt } = verdict;
  await queueReply(scope, deps, answer, { author: nameOf(scope), text, goesAt });
  const at = `${home}/${answer.id}`;
  if (goesAt > scope.now())
    ctx.done(at, 'email.answer.replied-later', { at: clock(scope, goesAt) });
  else ctx.done(at, 'email.answer.replied');
}

async function settle(deps: Deps, ctx: Context, isDone: boolean): Promise<void> {
  const { scope } = ctx;
  const { id, personId } = await answerOf(ctx);
  await scope.write(async (own) => {
    if (!(await settleAnswer(own, id, isDone ? nameOf(own) : undefined))) return;
    await deps.audit.record(own, {
      ...{ act: isDone ? 'answer.done' : 'answer.reopened', subject: { type: 'answer', id } },
      ...(personId && { personId }),
    });
  });
  ctx.done(
    isDone ? home : `${home}/${id}`,
    isDone ? 'email.answer.done.said' : 'email.answer.reopened',
  );
}

/** What nothing proves, or is said in a sentence, staff take for a stop. */
async function stop(deps: Deps, ctx: Context): Promise<void> {
  const answer = await answerOf(ctx);
  const { id, personId } = answer;
  if (!personId) throw notFound('person');
  await stopFor(ctx.scope, deps, answer, { personId, by: nameOf(ctx.scope) });
  ctx.done(`${home}/${id}`, 'email.answer.stopped.done');
}
