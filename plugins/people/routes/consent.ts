// What staff record for a person: consent with its evidence, an address never to be used again, a newsletter.
import { type Context, invalid, permit, type Router } from 'rostra/plugin';
import { makeConsents } from '../consent.ts';
import type { Deps } from '../deps.ts';
import type { ConsentFields } from '../index.ts';
import { makeNewsletters } from '../newsletter.ts';
import { displayName } from '../person.ts';
import { findWays } from '../profile.sql.ts';
import { ConsentSchema, channels, SubscribeSchema, SuppressSchema } from '../schemas.ts';
import { liftSuppression, suppress } from '../suppression.ts';
import { attempt, type Faults, hasFaults, pageOf, personOfPath } from './forms.ts';

export function consentRoutes(router: Router, deps: Deps): void {
  const may = permit('people.consent.record');
  const consents = makeConsents(deps);
  const newsletters = makeNewsletters();

  router.get('/:id/consent', may, (ctx) => showConsent(ctx, {}, {}));
  router.post('/:id/consent', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(ConsentSchema);
    if (!form.ok) return showConsent(ctx, form.values, form.faults);
    const { deed, evidence, ...said } = form.value;
    const fields: ConsentFields = {
      ...said,
      personId: person.id,
      locale: ctx.scope.locale,
      source: 'staff',
      evidence: { evidence, ...recorder(ctx) },
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

  router.post('/:id/newsletters', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(SubscribeSchema);
    if (!form.ok) return ctx.done(pageOf(person), 'people.subscription.none');
    const { deed, newsletter } = form.value;
    await newsletters[deed](ctx.scope, person.id, newsletter);
    await deps.audit.record(ctx.scope, {
      act: `newsletter.${deed}d`,
      subject: { type: 'person', id: person.id },
      personId: person.id,
      details: { newsletter },
    });
    return ctx.done(pageOf(person), `people.subscription.${deed}d`);
  });
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
  const named = { ...person, name: displayName(person) };
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('consent', { person: named, values, faults, channels }, status);
}

async function showSuppress(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const { emailAddresses, phoneNumbers } = await findWays(ctx.scope, person.id);
  const ways = [
    ...emailAddresses.map((way) => ({ ...way, value: `email:${way.address}` })),
    ...phoneNumbers.map((way) => ({ ...way, value: `phone:${way.address}` })),
  ];
  const named = { ...person, name: displayName(person) };
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('suppress', { person: named, ways, values, faults }, status);
}
