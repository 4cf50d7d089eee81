// What staff record for a person: consent with its evidence, an address never to be used again, a newsletter.
import { type Context, invalid, permit, type Router, type Scope } from 'rostra/plugin';
import { makeConsents } from '../consent.ts';
import type { Deps } from '../deps.ts';
import type { ConsentFields } from '../index.ts';
import { findNewsletters } from '../newsletter.sql.ts';
import { makeNewsletters } from '../newsletter.ts';
import { findWays } from '../profile.sql.ts';
import { targetingLedger } from '../reach-facts.ts';
import {
  ConsentQuery,
  ConsentSchema,
  channels,
  purposes,
  SubscribeSchema,
  SuppressSchema,
  UnsubscribeSchema,
} from '../schemas.ts';
import { liftSuppression, suppress } from '../suppression.ts';
import { attempt, type Faults, hasFaults, named, pageOf, personOfPath } from './forms.ts';

export function consentRoutes(router: Router, deps: Deps): void {
  const may = permit('people.consent.record');
  const consents = makeConsents(deps);

  router.get('/:id/consent', may, (ctx) => showConsent(ctx, ctx.filters(ConsentQuery), {}));
  router.post('/:id/consent', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(ConsentSchema);
    if (!form.ok) return showConsent(ctx, form.values, form.faults);
    const { deed, evidence, from, until, ...typed } = form.value;
    const faults = await attempt(ctx, async () => demandHours({ ...typed, from, until }));
    if (hasFaults(faults)) return showConsent(ctx, form.values, faults);
    const said = typed.purpose === 'targeting' ? { ...typed, ...targetingLedger } : typed;
    const fields: ConsentFields = {
      ...said,
      personId: person.id,
      locale: ctx.scope.locale,
      source: 'staff',
      evidence: { evidence, ...recorder(ctx), ...(from && { window: `${from}-${until}` }) },
    };
    await ctx.scope.write(async (scope) => {
      if (deed === 'give') await consents.give(scope, fields);
      else await consents.withdraw(scope, fields);
      await deps.audit.record(scope, {
        act: deed === 'give' ? 'consent.recorded' : 'consent.withdrawn',
        subject: { type: 'person', id: person.id },
        personId: person.id,
        details: { channel: said.channel, purpose: said.purpose },
      });
    });
    const done = deed === 'give' ? 'people.consent.recorded' : 'people.consent.withdrawn';
    return ctx.done(pageOf(person), done);
  });

  router.get('/:id/suppress', may, (ctx) => showSuppress(ctx, {}, {}));
  router.post('/:id/suppress', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(SuppressSchema);
    if (!form.ok) return showSuppress(ctx, form.values, form.faults);
    const { deed, way, why = '' } = form.value;
    const faults = await attempt(ctx, async () => {
      if (deed === 'lift' && why === '') {
        throw invalid([{ path: '/why', message: 'people.fault.why' }]);
      }
      const asked = { personId: person.id, ...parseWay(way) };
      if (deed === 'suppress') await suppress(ctx.scope, deps, { ...asked, reason: 'objection' });
      else await liftSuppression(ctx.scope, deps, { ...asked, why });
    });
    if (hasFaults(faults)) return showSuppress(ctx, form.values, faults);
    return ctx.done(pageOf(person), `people.suppress.${deed === 'lift' ? 'lifted' : 'done'}`);
  });

  subscriptionRoutes(router, deps);
}

function subscriptionRoutes(router: Router, deps: Deps): void {
  const may = permit('people.consent.record');
  const consents = makeConsents(deps);
  const newsletters = makeNewsletters(deps);
  const audit = (scope: Scope, act: string, personId: string, newsletter: string) =>
    deps.audit.record(scope, {
      ...{ act, personId, details: { newsletter } },
      subject: { type: 'person', id: personId },
    });

  router.get('/:id/newsletters', may, (ctx) => showSubscribe(ctx, {}, {}));
  router.post('/:id/newsletters', may, async (ctx) => {
    const { id: personId } = await personOfPath(ctx);
    const form = await ctx.form(SubscribeSchema);
    if (!form.ok) return showSubscribe(ctx, form.values, form.faults);
    const { newsletter, wording, evidence } = form.value;
    // GDPR art. 7(1): a subscription lets us write, so it is shown to what the person agreed, and by what it is known.
    await ctx.scope.write(async (own) => {
      await newsletters.subscribe(own, personId, newsletter);
      await consents.give(own, {
        ...{ personId, channel: 'email', purpose: 'newsletter', wording, source: 'staff' },
        locale: own.locale,
        evidence: { evidence, newsletter, ...recorder(ctx) },
      });
      await audit(own, 'newsletter.subscribed', personId, newsletter);
    });
    return ctx.done(pageOf({ id: personId }), 'people.subscription.subscribed');
  });
  router.post('/:id/newsletters/end', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(UnsubscribeSchema);
    if (!form.ok) return ctx.done(pageOf(person), 'people.subscription.none');
    const { newsletter } = form.value;
    await newsletters.unsubscribe(ctx.scope, person.id, newsletter);
    await audit(ctx.scope, 'newsletter.unsubscribed', person.id, newsletter);
    return ctx.done(pageOf(person), 'people.subscription.unsubscribed');
  });
}

/** A day's hours: both, or neither; of calls alone. */
function demandHours({ channel, from = '', until = '' }: Record<string, string | undefined>): void {
  if (from === '' && until === '') return;
  const isCall = channel === 'voice' || channel === 'call';
  if (isCall && from !== '' && from < until) return;
  const message = isCall ? 'people.fault.hours' : 'people.fault.hours-of-calls';
  throw invalid([{ path: '/until', message }]);
}

function recorder(ctx: Context): Record<string, string> {
  const { actor } = ctx.scope;
  return actor.kind === 'staff' ? { recordedBy: actor.accountId } : {};
}

function parseWay(way: string): { kind: 'email' | 'phone'; address: string } {
  const kind = way.startsWith('phone:') ? 'phone' : 'email';
  return { kind, address: way.slice(kind.length + 1) };
}

async function showConsent(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render(
    'consent',
    {
      person: named(person),
      values,
      faults,
      channels,
      purposes,
      zone: ctx.scope.organization.timeZone,
    },
    status,
  );
}

async function showSubscribe(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const newsletters = await findNewsletters(ctx.scope);
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('subscribe', { person: named(person), newsletters, values, faults }, status);
}

async function showSuppress(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const { emailAddresses, phoneNumbers } = await findWays(ctx.scope, person.id);
  const ways = [
    ...emailAddresses.map((way) => ({ ...way, value: `email:${way.address}` })),
    ...phoneNumbers.map((way) => ({ ...way, value: `phone:${way.address}` })),
  ];
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('suppress', { person: named(person), ways, values, faults }, status);
}
