// The first steps of giving: how much (on the page itself) and who gives. What is typed is never lost.
import { randomUUID } from 'node:crypto';
import {
  type Context,
  countryOf,
  countryOptions,
  type Fault,
  faultsOf,
  invalid,
  isAppError,
  type Router,
  router,
  type Scope,
  Type,
} from 'rostra/plugin';
import { cameWith, Tracking, trackingOf } from 'rostra/website';
import { appealOf } from '../appeal.ts';
import { type Asked, askedOf } from '../asked.ts';
import { actOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { giftFormOf, offerIn, questionsOf } from '../gift-form.ts';
import { readMoney, sayMoney } from '../money.ts';
import { amountWhy, closedWhy, methodsOf } from '../page-type.ts';
import { pledge } from '../pledge.ts';
import type { Offer } from '../till.ts';
import { type Desk, deskOf, sayOver } from './give-desk.ts';
import { addPayRoutes } from './give-pay.ts';

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}
const whenceFields = {
  tracking: Tracking,
  recruiter: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
};
const amountFields = {
  amount: Type.Optional(Type.String({ maxLength: 30 })),
  other: Type.Optional(Type.String({ maxLength: 30 })),
};
const GiveQuery = Type.Object({ ...amountFields, ...whenceFields });
const ownFields = {
  key: Type.String({ format: 'uuid' }),
  givenName: Type.String({ minLength: 1, maxLength: 100 }),
  familyName: Type.String({ minLength: 1, maxLength: 100 }),
  email: Type.String({ format: 'email', maxLength: 254 }),
  ...whenceFields,
  /** Nobody sees it: who fills it in is a machine. */
  homepage: Type.Optional(Type.String({ maxLength: 200 })),
};
const hour = 3600;
const perCaller = 30;
/** Nobody learns by trying how much somebody else has given. */
const perMailbox = 10;

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/give/:pageId', (ctx) => showDonor(deps, ctx));
  routes.post('/give/:pageId', (ctx) => take(deps, ctx));
  addPayRoutes(routes, deps);
  return routes;
}

async function showDonor(deps: Deps, ctx: Context, form?: Shown): Promise<void> {
  const { scope } = ctx;
  const desk = await deskOf(deps, ctx);
  if (!desk) return sayOver(ctx);
  const { recipient, till, day, settings } = desk;
  const closed = closedWhy(scope, till, day);
  if (closed) return sayOver(ctx, closed);
  const values = form?.values ?? usual(ctx);
  const amountMinor = readMoney(String(values['amount'] ?? ''), recipient.currency);
  const asked = askedOf(scope, till, amountMinor);
  const faults = placed(form?.faults ?? {}, values, asked);
  const wrong = amountMinor
    ? amountWhy(scope, till, day, amountMinor)
    : scope.t('fundraising.fault.amount');
  if (wrong && !faults['amount']) faults['amount'] = wrong;
  await ctx.render(
    'donor',
    {
      ...{ title: scope.t('fundraising.page.donor'), noindex: true, action: ctx.path },
      page: { path: pathOf(desk, values), title: desk.page.title },
      ...{ recipient: { name: recipient.name, currency: recipient.currency } },
      ...{ isTest: recipient.isTest, form: { values, faults }, asked },
      countries: countryOptions(scope.locale),
      // Where the law asks for the address as such, and not for a tax domicile, states may be part of it.
      hasRegion: till.fields.value?.includes('address') ?? false,
      amount: amountMinor && sayMoney(scope, amountMinor, recipient.currency),
      methods: await methodsOf(scope, deps, till),
      ...{ appeal: appealOf(scope, recipient, till, actOf(day)), fund: settings.fund },
    },
    form ? 422 : 200,
  );
}

function usual(ctx: Context): Record<string, unknown> {
  const { amount, other, ...whence } = ctx.filters(GiveQuery);
  return {
    ...{ amount: other?.trim() || amount, key: randomUUID() },
    country: countryOf(ctx.scope.organization.jurisdiction),
    ...cameFrom(ctx),
    ...whence,
  };
}

function cameFrom(ctx: Context): { tracking?: string; recruiter?: string } {
  const [tracking, recruiter] = [trackingOf(ctx), cameWith(ctx).get('recruiter')];
  return {
    ...(tracking && { tracking }),
    ...(recruiter && /^[1-9]\d{0,17}$/.test(recruiter) && { recruiter }),
  };
}

/** With what came with the donor, so that changing the amount loses none of it. */
function pathOf({ page }: Desk, values: Record<string, unknown>): string {
  const kept = new URLSearchParams();
  for (const name of ['tracking', 'recruiter']) {
    if (values[name]) kept.set(name, String(values[name]));
  }
  const query = kept.toString();
  return query ? `${page.path}?${query}` : page.path;
}

async function take(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const desk = await deskOf(deps, ctx);
  if (!desk) return sayOver(ctx);
  const { recipient, till, day, page } = desk;
  const { declarations } = questionsOf(scope, till);
  const form = await ctx.form(giftFormOf(declarations, ownFields));
  if (!form.ok) return showDonor(deps, ctx, form);
  const answers = form.value;
  if (answers.homepage) return ctx.done(page.path, 'fundraising.page.name');
  try {
    await demandPatience(deps, ctx, answers.email ?? '');
    const methods: readonly string[] = await methodsOf(scope, deps, till);
    if (!methods.includes(answers.method)) {
      throw invalid([{ path: '/method', message: 'fundraising.page.fault.method' }]);
    }
    const read = offerIn(till, answers, { givenOn: day, donorType: 'natural_person' });
    if (read.fault) throw invalid([read.fault]);
    const identity = { ...read.offer.identity, locale: scope.locale };
    await pledge(
      scope,
      deps,
      recipient,
      { ...read.offer, identity },
      {
        ...{ source: 'page', key: answers.key, pageId: page.id, fund: desk.settings.fund },
        tracking: answers.tracking,
        recruiterId: await recruiterOf(scope, deps, answers.recruiter),
        attestedTexts: textsOf(declarations, read.offer),
      },
    );
    ctx.done(`/give/pay/${answers.key}`, 'fundraising.page.name');
  } catch (error) {
    await showDonor(deps, ctx, { values: form.values, faults: faultsHere(scope, error) });
  }
}

async function demandPatience(deps: Deps, { scope, caller }: Context, email: string) {
  const { id } = scope.organization;
  const isSoon =
    !(await deps.limits.take(scope, `fundraising.caller:${id}:${caller}`, perCaller, hour)) ||
    !(await deps.limits.take(
      ...([scope, `fundraising.mailbox:${id}:${email.toLowerCase()}`] as const),
      ...([perMailbox, hour] as const),
    ));
  if (isSoon) throw invalid([{ path: '/email', message: 'fundraising.page.fault.too-many' }]);
}

function textsOf(declarations: Asked['declarations'], { attested }: Offer) {
  return declarations
    .filter(({ value }) => attested.includes(value))
    .map(({ value, label }) => ({ word: value, text: label }));
}

/** Here nobody is told what is left of a limit: the name may be somebody else's. */
function faultsHere(scope: Scope, error: unknown): Record<string, string> {
  const faults = faultsOf(scope, error);
  const told = isAppError(error) ? (error.details['faults'] as Fault[]) : [];
  const cap = told.find(({ message }) => message === 'fundraising.fault.cap');
  if (!cap) return faults;
  const params = { ...cap.params, isAlone: 'false' };
  return { ...faults, amount: scope.t('fundraising.page.fault.cap', params) };
}

/** That the donor is none of those who may give is said where it was told. */
function placed(
  { donorType, givenOn: _, ...faults }: Record<string, string>,
  values: Record<string, unknown>,
  asked: Asked,
): Record<string, string> {
  if (!donorType) return faults;
  const isExcluded = asked.excluded.length > 0 && [values['excluded'] ?? []].flat().length > 0;
  if (isExcluded) return { ...faults, excluded: donorType };
  if (asked.qualities.length > 0) return { ...faults, qualities: donorType };
  const place = asked.wanted.includes('nationality') && !faults['nationality'];
  return { ...faults, [place ? 'nationality' : 'familyName']: donorType };
}

/** Somebody of the file who asked others to give. */
async function recruiterOf(
  scope: Scope,
  deps: Deps,
  id: string | undefined,
): Promise<string | undefined> {
  return id && (await deps.people.find(scope, id))?.id;
}
