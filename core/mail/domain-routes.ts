// /admin/sending: what the DNS says of the domain that mail is sent from, what to enter, and the slow start.
import type { Core } from '../core.ts';
import { forbidden, notFound } from '../errors.ts';
import { permit, type Router, router } from '../http/context.ts';
import type { Scope } from '../scope.ts';
import type { Audit } from '../services.ts';
import { Type } from '../type.ts';
import { setWarm } from './domain.sql.ts';
import { type DomainDeps, examineDomain, sendingDomainOf } from './domain.ts';
import { unprovenSenderOf } from './sender.ts';
import { warmUpOf } from './warm-up.ts';

export interface SendingDeps extends DomainDeps, Pick<Core, 'organizations'> {
  /** The core's audit. */
  audit: Audit;
}

const WarmUpForm = Type.Object({ warm: Type.Boolean() });

/** Nobody but their owner writes into the DNS of these. */
const mailboxes =
  /^(gmail|googlemail|yahoo|hotmail|outlook|live|icloud|aol|orange|wanadoo|free|sfr|laposte|gmx|proton|protonmail)\.[a-z.]+$/;

export function sendingRoutes(deps: SendingDeps): Router {
  const routes = router();
  const may = permit('core.settings.manage');

  routes.get('/', may, async (ctx) => {
    const { scope } = ctx;
    const examined = await examineDomain(deps, scope.organization, { now: scope.now() });
    const { domain } = examined ?? {};
    await ctx.render('mail/sending', {
      ...examined,
      unproven: await unprovenSenderOf(deps, scope.organization),
      isMailbox: domain !== undefined && mailboxes.test(domain),
      warmUp: domain && (await warmUpOf(deps.database.db, domain, scope.now())),
      isOwn: domain !== undefined && isOwn(deps, scope, domain),
    });
  });

  routes.post('/check', may, async (ctx) => {
    const { scope } = ctx;
    await examineDomain(deps, scope.organization, { now: scope.now(), isAnew: true });
    ctx.done('/admin/sending', 'mail.domain.checked');
  });

  routes.post('/warm-up', may, async (ctx) => {
    const { scope } = ctx;
    const domain = sendingDomainOf(deps, scope.organization);
    if (!domain) throw notFound('domain', '');
    if (!isOwn(deps, scope, domain)) throw forbidden('core.settings.manage');
    const form = await ctx.form(WarmUpForm);
    if (!form.ok) throw notFound('form', 'warm-up');
    const { warm } = form.value;
    // The row is made with the key, by whoever looks first.
    await examineDomain(deps, scope.organization, { now: scope.now() });
    await scope.write(async (own) => {
      await setWarm(own.db, domain, warm);
      const details = { domain, warm };
      await deps.audit.record(own, { act: 'mail.warm-up-changed', details });
    });
    ctx.done('/admin/sending', warm ? 'mail.domain.warm-saved' : 'mail.domain.cold-saved');
  });

  return routes;
}

/** A chapter that sends from another's domain, the party's or a chapter's, does not decide on it. */
function isOwn(deps: SendingDeps, scope: Scope, domain: string): boolean {
  if (scope.organization.parentId === undefined) return true;
  const others = deps.organizations.all().filter(({ id }) => id !== scope.organization.id);
  return others.every((other) => sendingDomainOf(deps, other) !== domain);
}
