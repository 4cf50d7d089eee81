// /admin/outreach: what was and will be sent to many, who gets it, and what became of it.
import {
  actsToMany,
  type Context,
  faultsOf,
  instantOf,
  notFound,
  permit,
  type Router,
  router,
  silenceWords,
  Type,
} from 'rostra/plugin';
import { channelOf, channelsOf } from '../channel.ts';
import type { Deps } from '../deps.ts';
import { actOf } from '../freeze.ts';
import { countRecipients, findEnded } from '../recipient.sql.ts';
import { findSend, findSends, type SendRow } from '../send.sql.ts';
import { discard, type Move, move, ownNewsletters, release } from '../send.ts';

const home = '/admin/outreach';
const pageSize = 50;
const shownPeople = 50;
const Filters = Type.Object({ before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })) });
const ReleaseForm = Type.Object({
  version: Type.String({ pattern: '^\\d{1,9}$' }),
  when: Type.Union([Type.Literal('now'), Type.Literal('later')]),
  at: Type.Optional(Type.String({ maxLength: 40 })),
});
type Form = { values: Record<string, unknown>; faults: Record<string, string> };
const empty: Form = { values: {}, faults: {} };

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/', permit('outreach.send.read'), (ctx) => showAll(deps, ctx));
  routes.get('/:id', permit('outreach.send.read'), (ctx) => showOne(deps, ctx));
  routes.post('/:id/release', permit('outreach.send.release'), (ctx) => releaseOne(deps, ctx));
  for (const how of ['pause', 'resume', 'cancel'] as const satisfies Move[]) {
    routes.post(`/:id/${how}`, permit('outreach.send.release'), async (ctx) => {
      const { id } = await sendOf(ctx);
      await move(ctx.scope, deps, id, how);
      ctx.done(`${home}/${id}`, `outreach.done.${how}`);
    });
  }
  routes.post('/:id/discard', permit('outreach.send.write'), async (ctx) => {
    const { id } = await sendOf(ctx);
    await discard(ctx.scope, deps, id);
    ctx.done(home, 'outreach.done.discard');
  });
  return routes;
}

async function sendOf(ctx: Context): Promise<SendRow> {
  const id = ctx.params['id'] ?? '';
  const send = await findSend(ctx.scope, id);
  if (!send) throw notFound('send', id);
  return send;
}

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { before } = ctx.filters(Filters);
  const found = await findSends(scope, { ...(before && { before }), most: pageSize + 1 });
  const sends = found.slice(0, pageSize);
  const channels = (await channelsOf(scope, deps)).map(({ info }) => info);
  const hasNewsletter = (await ownNewsletters(scope, deps)).length > 0;
  const next = found.length > pageSize ? sends.at(-1)?.id : undefined;
  await ctx.render('list', { sends, channels, hasNewsletter, next });
}

async function releaseOne(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(ctx);
  const form = await ctx.form(ReleaseForm);
  if (!form.ok) return showOne(deps, ctx, form);
  const { version, when, at = '' } = form.value;
  const startsAt = when === 'now' ? scope.now() : onClock(at, scope.organization.timeZone);
  if (!startsAt || (when === 'later' && startsAt <= scope.now())) {
    const faults = { at: scope.t('outreach.fault.at') };
    return showOne(deps, ctx, { values: form.values, faults });
  }
  try {
    await release(scope, deps, send, { version: Number(version), startsAt });
  } catch (error) {
    return showOne(deps, ctx, { values: form.values, faults: faultsOf(scope, error) });
  }
  return ctx.done(`${home}/${send.id}`, `outreach.done.release.${when}`);
}

/** `2026-11-24T10:00`, as the organization's clock shows it. */
function onClock(local: string, timeZone: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return undefined;
  return Number.isNaN(Date.parse(`${local}Z`)) ? undefined : new Date(instantOf(local, timeZone));
}

async function showOne(deps: Deps, ctx: Context, form = empty): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(ctx);
  const { service, info } = await channelOf(scope, deps, send.channel);
  const newsletter = (await deps.newsletters.find(scope, send.newsletterId))?.name;
  const isOpen = ['draft', 'approved', 'sending', 'paused'].includes(send.state);
  const common = {
    ...{ send, info, newsletter, form },
    obstacle: isOpen ? await service.obstacle(scope) : undefined,
    silence: isOpen ? await silenceAt(deps, ctx, send) : undefined,
  };
  const act = actOf(info, send.newsletterId);
  if (send.state === 'draft') {
    const faults = await service.check(scope, send);
    const lacks = faults.map(({ message, params }) => scope.t(message, params));
    const status = Object.keys(form.faults).length > 0 ? 422 : 200;
    const reach = await deps.reach.tell(scope, act);
    return ctx.render('before', { ...common, reach, lacks }, status);
  }
  const isBegun = send.state !== 'approved';
  await ctx.render('progress', {
    ...common,
    reach: isBegun ? undefined : await deps.reach.tell(scope, act),
    isDue: !isBegun && send.startsAt !== null && send.startsAt <= scope.now(),
    counts: await countRecipients(scope, send.id),
    ended: isBegun ? await endedOf(deps, ctx, send) : [],
  });
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
