// /admin/sms/inbox: what people wrote back, who looks after it, and what is answered.
import {
  type Context,
  isAppError,
  notFound,
  onClock,
  permit,
  type Router,
  type Scope,
  Type,
} from 'rostra/plugin';
import { mayAnswer } from '../answer.ts';
import { lengthMost, partsMost } from '../content.ts';
import type { Deps } from '../deps.ts';
import { findAccount, findAccountInUse } from '../gateway-account.sql.ts';
import { findStop } from '../opt-out.sql.ts';
import { demandWhy, markOf, optOut, undoOptOut } from '../opt-out.ts';
import { countParts, unbroken } from '../parts.ts';
import { queueSingle } from '../single.ts';
import {
  assign,
  countUnread,
  findLines,
  findThread,
  findThreads,
  noteRead,
  settleAsked,
  type Thread,
} from '../thread.sql.ts';

const home = '/admin/sms/inbox';
const [pageSize, linesMost] = [30, 200];
const Filters = Type.Object({
  of: Type.Optional(
    Type.Union([Type.Literal('me'), Type.Literal('nobody'), Type.Literal('unread')]),
  ),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
const ReplyForm = Type.Object({ text: Type.String({ maxLength: lengthMost }) });
const WhyForm = Type.Object({ why: Type.String({ maxLength: 500 }) });
const AssignForm = Type.Object({ to: Type.Union([Type.Literal('me'), Type.Literal('nobody')]) });

export function addInbox(routes: Router, deps: Deps): void {
  const [read, answer] = [permit('sms.inbox.read'), permit('sms.inbox.answer')];
  routes.get('/inbox', read, (ctx) => showAll(deps, ctx));
  routes.get('/inbox/:id', read, (ctx) => showOne(deps, ctx));
  routes.post('/inbox/:id/read', answer, (ctx) => markRead(ctx));
  routes.post('/inbox/:id/reply', answer, (ctx) => reply(deps, ctx));
  routes.post('/inbox/:id/assign', answer, (ctx) => assignOne(ctx));
  routes.post('/inbox/:id/stop', answer, (ctx) => stopOne(deps, ctx));
  routes.post('/inbox/:id/no-stop', answer, (ctx) => noStop(ctx));
  routes.post('/inbox/:id/undo', answer, (ctx) => undo(deps, ctx));
}

const me = ({ actor }: Scope) =>
  actor.kind === 'staff' ? { id: actor.accountId, name: actor.name } : { id: '0', name: '' };

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { of, q, before } = ctx.filters(Filters);
  const assignee = of === 'me' ? me(scope).id : of === 'nobody' ? 'nobody' : undefined;
  const found = await findThreads(scope, {
    ...(assignee && { assignee }),
    ...(q && { q }),
    ...(before && { before }),
    ...{ isUnread: of === 'unread', most: pageSize + 1 },
  });
  const threads = found.slice(0, pageSize);
  const ids = [...new Set(threads.flatMap(({ personIds }) => personIds))];
  const names = new Map((await deps.people.findMany(scope, ids)).map((one) => [one.id, one]));
  await ctx.render('inbox', {
    ...{ of, q, unread: await countUnread(scope), account: await accountShown(scope) },
    threads: threads.map((one) => ({
      ...one,
      names: one.personIds.flatMap((id) => names.get(id)?.displayName ?? []),
    })),
    next: found.length > pageSize ? threads.at(-1)?.id : undefined,
  });
}

/** As whom, through whose account, and whether its gateway takes anything. */
async function accountShown(scope: Scope) {
  const row = await scope.write((own) => findAccountInUse(own));
  return row && { sender: row.sender, awaySince: row.awaySince };
}

async function threadOf(ctx: Context): Promise<Thread> {
  const id = ctx.params['id'] ?? '';
  const thread = await findThread(ctx.scope, id);
  if (!thread) throw notFound('thread', id);
  return thread;
}

interface Again {
  faults: Record<string, string>;
  text?: string;
  why?: string;
}

async function showOne(deps: Deps, ctx: Context, again: Again = { faults: {} }): Promise<void> {
  const { scope } = ctx;
  const thread = await threadOf(ctx);
  const people = await deps.people.findMany(scope, thread.personIds);
  const stop = await findStop(scope, await markOf(scope, deps, thread.number));
  const verdict = await mayAnswer(scope, deps, thread);
  const isLater = 'goesAt' in verdict && verdict.goesAt > scope.now();
  await ctx.render(
    'thread',
    {
      ...{ thread, people, stop, again, partsMost, lengthMost },
      lines: await findLines(scope, thread.id, linesMost),
      isMine: thread.assigneeId === me(scope).id,
      bar: 'bar' in verdict ? scope.t(verdict.bar, verdict.params) : undefined,
      goesAt: isLater ? clock(scope, verdict.goesAt) : undefined,
      account: await accountShown(scope),
    },
    Object.keys(again.faults).length > 0 ? 422 : 200,
  );
}

const clock = (scope: Scope, at: Date) => onClock(at, scope.organization.timeZone, scope.locale);

/** Asked for by the page itself once it is shown, or by who reads it: opening a link changes nothing. */
async function markRead(ctx: Context): Promise<void> {
  const { id } = await threadOf(ctx);
  await ctx.scope.write((own) => noteRead(own, id));
  if (ctx.get('HX-Request') !== '') return ctx.fragment('partials/was-read');
  ctx.done(home, 'sms.marked-read');
}

async function reply(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const thread = await threadOf(ctx);
  const form = await ctx.form(ReplyForm);
  const text = unbroken(String(form.values['text'] ?? '')).trim();
  const fail = (said: string) => showOne(deps, ctx, { faults: { text: said }, text });
  if (!form.ok) return fail(form.faults['text'] ?? '');
  if (text === '') return fail(scope.t('sms.fault.empty'));
  const { parts } = countParts(text);
  if (parts > partsMost) return fail(scope.t('sms.fault.long', { parts, most: partsMost }));
  const verdict = await mayAnswer(scope, deps, thread);
  if ('bar' in verdict) return fail(scope.t(verdict.bar, verdict.params));
  const { goesAt } = verdict;
  const isLater = goesAt > scope.now();
  const [personId] = thread.personIds.length === 1 ? thread.personIds : [];
  await scope.write(async (own) => {
    const account = await findAccount(own, thread.accountId);
    if (!account) throw notFound('account', thread.accountId);
    await queueSingle(own, deps, account, {
      ...{ threadId: thread.id, number: thread.number, text, kind: 'answer' },
      ...{ author: me(own).name, ...(personId && { personId }), ...(isLater && { dueAt: goesAt }) },
    });
    await noteRead(own, thread.id);
    await deps.audit.record(own, {
      ...{ act: 'message.answered', subject: { type: 'thread', id: thread.id } },
      ...(personId && { personId }),
    });
  });
  if (isLater) {
    ctx.done(`${home}/${thread.id}`, 'sms.replied-later', { at: clock(scope, goesAt) });
  } else ctx.done(`${home}/${thread.id}`, 'sms.replied');
}

async function assignOne(ctx: Context): Promise<void> {
  const thread = await threadOf(ctx);
  const form = await ctx.form(AssignForm);
  const to = form.values['to'] === 'me' ? me(ctx.scope) : undefined;
  await ctx.scope.write(async (own) => {
    await assign(own, thread.id, to);
    if (to) await noteRead(own, thread.id);
  });
  ctx.done(`${home}/${thread.id}`, to ? 'sms.assigned' : 'sms.unassigned');
}

/** What somebody asked for in other words. */
async function stopOne(deps: Deps, ctx: Context): Promise<void> {
  const { id, number } = await threadOf(ctx);
  await ctx.scope.write(async (own) => {
    await optOut(own, deps, { threadId: id, number, messageId: `staff ${me(own).id}` });
    await settleAsked(own, id);
  });
  ctx.done(`${home}/${id}`, 'sms.stopped');
}

async function noStop(ctx: Context): Promise<void> {
  const { id } = await threadOf(ctx);
  await ctx.scope.write((own) => settleAsked(own, id));
  ctx.done(`${home}/${id}`, 'sms.no-stop');
}

async function undo(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { id, number } = await threadOf(ctx);
  const form = await ctx.form(WhyForm);
  const typed = String(form.values['why'] ?? '');
  try {
    const why = demandWhy(typed);
    await undoOptOut(scope, deps, { threadId: id, number, why, by: me(scope).name });
    ctx.done(`${home}/${id}`, 'sms.undone');
  } catch (error) {
    if (!isAppError(error) || error.code !== 'sms.why-needed') throw error;
    await showOne(deps, ctx, { faults: { why: scope.t('sms.why-needed') }, why: typed });
  }
}
