// /admin/outbox: every outgoing message as its reader sees it, and what became of it.

import type { Core } from '../core.ts';
import { forbidden, notFound } from '../errors.ts';
import { type Context, permit, type Router, router } from '../http/context.ts';
import { leadOut, letFrameOwn, mailPolicy } from '../http/frame.ts';
import { addJob } from '../jobs/jobs.sql.ts';
import { jobTask } from '../jobs/task.ts';
import { type SilenceWords, silenceWords } from '../law/silence-words.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Scope } from '../scope.ts';
import type { Audit } from '../services.ts';
import type { SettingsParts } from '../settings/settings.ts';
import { Type } from '../type.ts';
import type { DeliverDeps } from './deliver.ts';
import { domainOf } from './domain.ts';
import { actsToMany } from './hush.ts';
import { deliverJob } from './mail.ts';
import {
  deleteMail,
  findOutbox,
  findOutboxMail,
  type OutboxMail,
  releaseMail,
} from './outbox.sql.ts';
import { provenWayOf, wayOf } from './sender.ts';
import { countWaitingBulk } from './warm-up.sql.ts';
import { warmUpOf } from './warm-up.ts';

export interface OutboxDeps
  extends Pick<Core, 'config' | 'database' | 'organizations' | 'scopes'>,
    Pick<DeliverDeps, 'demo' | 'silence'> {
  settings: Pick<SettingsParts, 'coreOf'>;
  /** The core's audit. */
  audit: Audit;
}

const states = ['waiting', 'accepted', 'refused', 'unknown'] as const;
const Filters = Type.Object({
  state: Type.Optional(Type.Union(states.map((state) => Type.Literal(state)))),
  before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
const pageSize = 50;

export function outboxRoutes(deps: OutboxDeps): Router {
  const routes = router();

  routes.get('/', permit('core.outbox.read'), async (ctx) => {
    const { state, before } = ctx.filters(Filters);
    const found = await findOutbox(ctx.scope, { state, before, limit: pageSize + 1 });
    const mails = found.slice(0, pageSize);
    const next = found.length > pageSize ? mails.at(-1)?.id : undefined;
    const { organization } = ctx.scope;
    const waitsFor = obstacleOf(deps, organization);
    const held = waitsFor ? undefined : await heldBack(deps, organization, ctx.scope.now());
    // The demo is the whole party's: a chapter cannot take it away.
    const mayMend = waitsFor !== 'demo' || ctx.scope.bound === undefined;
    const canMend = mayMend && ctx.scope.may('core.settings.manage');
    const silent = await hushed(deps, ctx.scope);
    await ctx.render('mail/outbox', {
      mails,
      states,
      state,
      next,
      waitsFor,
      canMend,
      held,
      silent,
    });
  });

  routes.get('/:id', permit('core.outbox.read'), async (ctx) => {
    const mail = await mailOf(ctx);
    const sender =
      mail.state === 'ready' ? deps.organizations.find(mail.organizationId) : undefined;
    const waitsFor = sender && obstacleOf(deps, sender);
    const held =
      sender && mail.bulk && !waitsFor ? await heldBack(deps, sender, ctx.scope.now()) : undefined;
    letFrameOwn(ctx);
    const shown = isClosed(ctx, mail) ? { ...mail, html: undefined, text: undefined } : mail;
    await ctx.render('mail/outbox-mail', {
      mail: shown,
      waitsFor,
      held,
      silent: sender && mail.bulk && (await hushed(deps, deps.scopes.at(ctx.scope, sender.id))),
      canAct: !isUnderWay(mail),
    });
  });

  /** The message itself, in a frame that runs nothing, loads nothing from elsewhere and submits nothing. */
  routes.get('/:id/html', permit('core.outbox.read'), async (ctx) => {
    const mail = await mailOf(ctx);
    if (isClosed(ctx, mail)) throw forbidden('core.settings.manage');
    ctx.set({
      'Content-Security-Policy': `${mailPolicy}; sandbox allow-popups allow-popups-to-escape-sandbox`,
      'X-Frame-Options': 'SAMEORIGIN',
      'Cache-Control': 'no-store',
    });
    ctx.type = 'html';
    ctx.body = leadOut(mail.html);
  });

  routes.post('/:id/release', permit('core.settings.manage'), async (ctx) => {
    const mail = await mailOf(ctx);
    await ctx.scope.write(async (scope) => {
      if (!(await releaseMail(scope, mail.id))) throw notFound('mail', mail.id);
      const { organizationId } = mail;
      await addJob(scope.db, jobTask('core', deliverJob), { organizationId });
      await deps.audit.record(scope, { act: 'mail.released', subject: subjectOf(mail) });
    });
    ctx.done(`/admin/outbox/${mail.id}`, 'mail.released');
  });

  routes.post('/:id/delete', permit('core.settings.manage'), async (ctx) => {
    const mail = await mailOf(ctx);
    await ctx.scope.write(async (scope) => {
      if (!(await deleteMail(scope, mail.id))) throw notFound('mail', mail.id);
      await deps.audit.record(scope, { act: 'mail.deleted', subject: subjectOf(mail) });
    });
    ctx.done('/admin/outbox', 'mail.deleted');
  });

  return routes;
}

async function mailOf(ctx: Context): Promise<OutboxMail> {
  const { id = '' } = ctx.params;
  const mail = /^\d{1,18}$/.test(id) ? await findOutboxMail(ctx.scope, id) : undefined;
  if (!mail) throw notFound('mail', id);
  return mail;
}

/** A link that opens an account or confirms a sign-up is its reader's; who manages mail may look nevertheless. */
function isClosed(ctx: Context, mail: OutboxMail): boolean {
  return mail.holdsKey && !ctx.scope.may('core.settings.manage');
}

function subjectOf(mail: OutboxMail): { type: string; id: string } {
  return { type: 'mail', id: mail.id };
}

function isUnderWay(mail: OutboxMail): boolean {
  return mail.state === 'claimed' || mail.state === 'handed';
}

/** What keeps the organization's messages here; `undefined`: nothing does. */
function obstacleOf(deps: OutboxDeps, organization: Organization): string | undefined {
  const way = wayOf(deps, organization);
  return 'waitsFor' in way ? way.waitsFor : undefined;
}

/** What waits for tomorrow because today's share of the domain is used up. */
async function heldBack(
  deps: OutboxDeps,
  organization: Organization,
  now: Date,
): Promise<{ domain: string; count: number; ceiling: number | undefined } | undefined> {
  const { db } = deps.database;
  const way = await provenWayOf(deps, organization);
  const domain = 'waitsFor' in way ? undefined : domainOf(way.from.address);
  const warmUp = domain ? await warmUpOf(db, domain, now) : undefined;
  if (!domain || !warmUp?.isFull) return undefined;
  const count = await countWaitingBulk(db, organization.id);
  return count > 0 ? { domain, count, ceiling: warmUp.ceiling } : undefined;
}

/** What waits because an election commands silence; that nobody can tell stands above every page. */
async function hushed(
  { database: { db }, silence }: OutboxDeps,
  scope: Scope,
): Promise<(SilenceWords & { count: number }) | undefined> {
  const silenced = await silence.at(scope, actsToMany).catch(() => undefined);
  if (!silenced) return undefined;
  const count = await countWaitingBulk(db, scope.organization.id);
  return count > 0 ? { ...silenceWords(scope, silenced), count } : undefined;
}
