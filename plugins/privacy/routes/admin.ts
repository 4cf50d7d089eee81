// Staff's side: what is asked and by when, one request with its steps, and what is done with it.
import {
  type Context,
  dayOf,
  isAppError,
  notFound,
  permit,
  type Router,
  router,
} from 'rostra/plugin';
import { sendCopy } from '../copy.ts';
import type { Deps } from '../deps.ts';
import {
  countRequests,
  findRequest,
  findRequests,
  findSteps,
  insertStep,
  type Kind,
  type ListFilters,
  type RequestRow,
} from '../request.sql.ts';
import {
  ask,
  demand,
  extendRequest,
  extensionOf,
  finishRequest,
  refuseRequest,
  startRequest,
  tell,
} from '../request.ts';
import { AnswerForm, ListQuery, NewForm, ReasonForm, SureForm } from '../schemas.ts';
import { breachRoutes } from './breach.ts';
import { keptRoutes } from './kept.ts';

const mayRead = () => permit('privacy.request.read');
const mayHandle = () => permit('privacy.request.handle');
const aPage = 50;
const home = '/admin/privacy';

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/', mayRead(), (ctx) => showList(deps, ctx));
  routes.get('/people/:personId/new', mayHandle(), (ctx) => showNew(deps, ctx));
  routes.post('/people/:personId/new', mayHandle(), (ctx) => takeDown(deps, ctx));
  keptRoutes(routes, deps);
  breachRoutes(routes, deps);
  routes.get('/:id', mayRead(), (ctx) => showOne(deps, ctx));
  routes.post('/:id/copy', mayHandle(), (ctx) => copy(deps, ctx));
  routes.post('/:id/start', mayHandle(), async (ctx) => {
    const form = await ctx.form(SureForm);
    if (!form.ok) return showOne(deps, ctx, { sure: ctx.scope.t('privacy.site.erase.not-sure') });
    await act(deps, ctx, 'started', (id) => startRequest(ctx.scope, deps, id));
  });
  routes.post('/:id/extend', mayHandle(), (ctx) =>
    withReason(deps, ctx, 'extended', (id, reason) => extendRequest(ctx.scope, deps, id, reason)),
  );
  routes.post('/:id/refuse', mayHandle(), (ctx) =>
    withReason(deps, ctx, 'refused', (id, reason) => refuseRequest(ctx.scope, deps, id, reason)),
  );
  routes.post('/:id/done', mayHandle(), async (ctx) => {
    const form = await ctx.form(AnswerForm);
    if (!form.ok) return showOne(deps, ctx, form.faults);
    await act(deps, ctx, 'done', (id) => finishRequest(ctx.scope, deps, id, form.value.text));
  });
  return routes;
}

const idOf = (ctx: Context) => ctx.params['id'] ?? '';

async function withReason(
  deps: Deps,
  ctx: Context,
  what: 'extended' | 'refused',
  run: (id: string, reason: string) => Promise<void>,
): Promise<void> {
  const form = await ctx.form(ReasonForm);
  if (!form.ok) return showOne(deps, ctx, { [what]: form.faults['reason'] ?? '' });
  await act(deps, ctx, what, (id) => run(id, form.value.reason));
}

/** What is not possible any more is said on the page itself. */
async function act(
  deps: Deps,
  ctx: Context,
  what: string,
  run: (id: string) => Promise<void>,
): Promise<void> {
  try {
    await run(idOf(ctx));
  } catch (error) {
    if (!isAppError(error) || !error.code.startsWith('privacy.')) throw error;
    return showOne(deps, ctx, { act: ctx.scope.t(error.code) });
  }
  ctx.done(`${home}/${idOf(ctx)}`, `privacy.admin.${what}`);
}

async function showList(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const filters = ctx.filters(ListQuery) as ListFilters & { kind: string; q: string };
  const q = filters.q.trim();
  const hash = q ? await deps.mailboxes.hashOf(scope, q) : undefined;
  const found = await findRequests(scope, { ...filters, q, hash }, aPage + 1);
  const ids = found.flatMap(({ personId }) => personId ?? []);
  const people = await deps.people.findMany(scope, ids);
  const names = new Map(people.map((person) => [person.id, person.displayName]));
  const more = (skip: number) => ({ ...filters, skip: skip || undefined });
  await ctx.render('requests', {
    ...{ title: scope.t('privacy.admin.list.title'), filters, query },
    counts: await countRequests(scope),
    requests: found.slice(0, aPage).map((one) => ({
      ...{ ...one, ...standing(scope.now(), one) },
      name: one.personId && names.get(one.personId),
    })),
    next: found.length > aPage ? more(filters.skip + aPage) : undefined,
    previous: filters.skip > 0 ? more(Math.max(0, filters.skip - aPage)) : undefined,
  });
}

function query(values: Record<string, unknown>): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) text.set(name, String(value));
  return text.size > 0 ? `?${text}` : '';
}

const day = 24 * 3600 * 1000;

/** Days that are left of it, none on the last; less than none when it is late. */
export function standing(
  now: Date,
  { dueAt, answeredAt }: Pick<RequestRow, 'dueAt' | 'answeredAt'>,
): { days: number | undefined; isLate: boolean; isSoon: boolean } {
  if (!dueAt || answeredAt) return { days: undefined, isLate: false, isSoon: false };
  const days = Math.floor((dueAt.getTime() - now.getTime()) / day);
  return { days, isLate: dueAt < now, isSoon: dueAt >= now && days < 7 };
}

async function showOne(
  deps: Deps,
  ctx: Context,
  faults: Record<string, string> = {},
): Promise<void> {
  const { scope } = ctx;
  const id = idOf(ctx);
  const request = demand(await findRequest(scope, id), id);
  const asker = request.personId ? await deps.mailboxes.owner(scope, request.personId) : undefined;
  const extension = extensionOf(scope);
  const isOpen = !request.answeredAt;
  const isLate = Boolean(request.dueAt && request.dueAt < scope.now());
  const isRunning = request.nextAt !== null;
  await ctx.render(
    'request',
    {
      ...{ request, asker, faults, isOpen, isRunning },
      name: asker?.displayName,
      ...standing(scope.now(), request),
      steps: await findSteps(scope, id),
      mayExtend:
        isOpen && !isRunning && !isLate && extension && request.dueAt && !request.extendedAt,
      isParty: !scope.organization.parentId,
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

async function copy(deps: Deps, ctx: Context): Promise<void> {
  const id = idOf(ctx);
  const request = demand(await findRequest(ctx.scope, id), id);
  if (!request.personId) throw notFound('person');
  const { personId } = request;
  await ctx.scope.write(async (own) => {
    await insertStep(own, id, { kind: 'copied' });
    await tell(own, deps, 'request.copied', id, personId);
  });
  sendCopy(
    ctx,
    deps.subjects,
    personId,
    `${ctx.scope.t('privacy.copy.name')}-${request.reference}`,
  );
}

async function personOf(deps: Deps, ctx: Context) {
  const id = ctx.params['personId'] ?? '';
  const person = await deps.people.find(ctx.scope, id);
  if (!person) throw notFound('person', id);
  return person;
}

async function showNew(deps: Deps, ctx: Context, form?: object): Promise<void> {
  const person = await personOf(deps, ctx);
  const last = today(ctx.scope);
  const empty = { values: { receivedOn: last }, faults: {} };
  await ctx.render('new', { person, today: last, form: form ?? empty }, form ? 422 : 200);
}

const today = (scope: Context['scope']) => dayOf(scope.now(), scope.organization.timeZone);

/** A letter is not from tomorrow; of one that lay longer than a year the year is likelier to be a slip. */
function receivedFault(scope: Context['scope'], receivedOn: string): string | undefined {
  if (receivedOn > today(scope)) return scope.t('privacy.admin.new.received.future');
  const yearAgo = dayOf(new Date(scope.now().getTime() - 366 * day), scope.organization.timeZone);
  return receivedOn < yearAgo ? scope.t('privacy.admin.new.received.old') : undefined;
}

async function takeDown(deps: Deps, ctx: Context): Promise<void> {
  const person = await personOf(deps, ctx);
  const form = await ctx.form(NewForm);
  if (!form.ok) return showNew(deps, ctx, form);
  const { kind, words, receivedOn = today(ctx.scope), neverAgain } = form.value;
  const fault = receivedFault(ctx.scope, receivedOn);
  if (fault) return showNew(deps, ctx, { values: form.values, faults: { receivedOn: fault } });
  const asked = { personId: person.id, kind: kind as Kind, origin: 'staff' as const };
  // An objection needs nobody's decision: it holds from the moment it is said (GDPR 21(3)).
  const now = kind === 'objection';
  const past = receivedOn === today(ctx.scope) ? {} : { receivedOn };
  const more = { words, ...past, neverAgain: neverAgain === 'true', now };
  const { id } = await ask(ctx.scope, deps, { ...asked, ...more });
  ctx.done(`${home}/${id}`, 'privacy.admin.taken');
}
