// What is decided and done about a breach, each by a form of its own on its page.
import { type Context, notFound, type Router } from 'rostra/plugin';
import {
  closeBreach,
  explainDelay,
  leaveUnreported,
  leaveUntold,
  namePeople,
  reportAbroad,
  reportBreach,
  tellPeople,
  unnamePerson,
} from '../breach.ts';
import * as forms from '../breach-form.ts';
import type { Deps } from '../deps.ts';
import { SureForm } from '../schemas.ts';
import { act, again, idOf, may, ownBreach } from './breach-page.ts';

/** What is decided and done; each by a form of its own on the breach's page. */
export function courseRoutes(routes: Router, deps: Deps): void {
  routes.post('/breaches/:id/report', may(), (ctx) => report(deps, ctx));
  routes.post('/breaches/:id/report/:country', may(), (ctx) => reportThere(deps, ctx));
  routes.post('/breaches/:id/tell', may(), (ctx) => tell(deps, ctx));
  routes.post('/breaches/:id/people', may(), (ctx) => name(deps, ctx));
  routes.post('/breaches/people/:personId', may(), (ctx) => pick(deps, ctx));
  const because = { unreport: leaveUnreported, untell: leaveUntold } as const;
  for (const [path, run] of Object.entries(because)) {
    routes.post(`/breaches/:id/${path}`, may(), async (ctx) => {
      const form = await ctx.form(forms.BecauseForm);
      const faults: Record<string, string> = { [path]: form.faults['reason'] ?? '' };
      if (!form.ok) return again(deps, ctx, { values: { [path]: form.values['reason'] }, faults });
      const { reason } = form.value;
      await act(deps, ctx, path, () => run(ctx.scope, deps, idOf(ctx), reason), { [path]: reason });
    });
  }
  routes.post('/breaches/:id/late', may(), async (ctx) => {
    const form = await ctx.form(forms.DelayForm);
    if (!form.ok) return again(deps, ctx, form);
    const { lateReason } = form.value;
    await act(deps, ctx, 'explained', () => explainDelay(ctx.scope, deps, idOf(ctx), lateReason));
  });
  routes.post('/breaches/:id/close', may(), async (ctx) => {
    const form = await ctx.form(SureForm);
    const faults = { sure: ctx.scope.t('privacy.site.erase.not-sure') };
    if (!form.ok) return again(deps, ctx, { values: {}, faults });
    await act(deps, ctx, 'closed', () => closeBreach(ctx.scope, deps, idOf(ctx)));
  });
  routes.post('/breaches/:id/people/:personId/remove', may(), (ctx) =>
    act(deps, ctx, 'unnamed', () =>
      unnamePerson(ctx.scope, deps, idOf(ctx), ctx.params['personId'] ?? ''),
    ),
  );
}

async function report(deps: Deps, ctx: Context): Promise<void> {
  const breach = await ownBreach(ctx);
  const form = await ctx.form(forms.ReportForm);
  const read = form.ok && (await forms.readReport(ctx.scope, breach, form.value));
  if (!read || read.faults) {
    return again(deps, ctx, { values: form.values, faults: read ? read.faults : form.faults });
  }
  await act(deps, ctx, 'reported', () => reportBreach(ctx.scope, deps, breach.id, read.said));
}

async function reportThere(deps: Deps, ctx: Context): Promise<void> {
  const { abroad, knownAt, id } = await ownBreach(ctx);
  const one = abroad.find(({ country }) => country === ctx.params['country']);
  if (!one) throw notFound('authority', ctx.params['country']);
  const form = await ctx.form(forms.ReportForm);
  const due = { knownAt, dueAt: new Date(one.dueAt) };
  const read = form.ok && (await forms.readReport(ctx.scope, due, form.value));
  if (!read || read.faults) {
    const there = <T>(said: Record<string, T>) =>
      Object.fromEntries(Object.entries(said).map(([name, of]) => [`${one.country}-${name}`, of]));
    const faults = there<string>(read ? read.faults : form.faults);
    return again(deps, ctx, { values: there(form.values), faults });
  }
  const { said } = read;
  await act(deps, ctx, 'reported', () => reportAbroad(ctx.scope, deps, id, one.country, said));
}

async function tell(deps: Deps, ctx: Context): Promise<void> {
  const breach = await ownBreach(ctx);
  const form = await ctx.form(forms.TellForm);
  const read = form.ok && (await forms.readTelling(ctx.scope, breach, form.value));
  if (!read || read.faults) {
    return again(deps, ctx, { values: form.values, faults: read ? read.faults : form.faults });
  }
  await act(deps, ctx, 'told', () => tellPeople(ctx.scope, deps, breach.id, read.said));
}

async function name(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(forms.NameForm);
  const read = form.ok && (await forms.readPeople(ctx.scope, deps, form.value.emails));
  if (!read || read.faults) {
    return again(deps, ctx, { values: form.values, faults: read ? read.faults : form.faults });
  }
  const { personIds } = read;
  await act(deps, ctx, 'named', async () => {
    await namePeople(ctx.scope, deps, idOf(ctx), personIds);
  });
}

/** From the person's own page. */
async function pick(deps: Deps, ctx: Context): Promise<void> {
  const person = await deps.people.find(ctx.scope, ctx.params['personId'] ?? '');
  if (!person) throw notFound('person', ctx.params['personId']);
  const form = await ctx.form(forms.PickForm);
  if (!form.ok) throw notFound('breach');
  await namePeople(ctx.scope, deps, form.value.breach, [person.id]);
  ctx.done(`/admin/people/${person.id}`, 'privacy.breach.done.named');
}
