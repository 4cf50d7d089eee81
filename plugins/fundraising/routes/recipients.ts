// Recipients: those one holds an office of, founding one, changing it, who may touch its money, closing it.
import { type Context, faultsOf, permit, type Router, type Static, Type } from 'rostra/plugin';
import { todayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { findElections, findRegions } from '../election.sql.ts';
import { lawfulCurrency, regionalKinds } from '../founding.ts';
import { sumBalances } from '../ledger.sql.ts';
import { findOffices } from '../office.sql.ts';
import { deedsOf, demandOffice, giveOffice, takeOffice, takeOver } from '../office.ts';
import {
  findNames,
  findRecipients,
  type Recipient,
  type RecipientKind,
  type RecipientValues,
} from '../recipient.sql.ts';
import { changeRecipient, closeRecipient, foundRecipient } from '../recipient.ts';
import { sumStandings } from '../report.sql.ts';

export const home = '/admin/fundraising';
export const mayEnter = () => permit('fundraising.money.enter');
const mayManage = () => permit('fundraising.recipient.manage');
export const idOf = (ctx: Context): string => ctx.params['id'] ?? '';

const kinds: readonly RecipientKind[] = ['party', 'local_party', 'committee', 'candidate'];
const duties = ['treasurer', 'delegate', 'accountant'] as const;
const words = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const day = Type.Optional(Type.String({ format: 'date' }));

const RecipientForm = Type.Object({
  kind: Type.Union(kinds.map((kind) => Type.Literal(kind))),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  collector: words(60),
  agent: words(200),
  address: Type.String({ minLength: 1, maxLength: 500 }),
  registerNumber: words(60),
  currency: Type.Optional(Type.String({ pattern: '^[A-Za-z]{3}$' })),
  bankAccount: words(60),
  election: words(100),
  region: words(20),
  opensOn: day,
  closesOn: day,
  isTest: Type.Optional(Type.Boolean()),
});
const OfficeForm = Type.Object({
  accountId: Type.String({ pattern: '^\\d{1,18}$' }),
  duty: Type.Union(duties.map((duty) => Type.Literal(duty))),
});
const EndForm = Type.Object({ accountId: Type.String({ pattern: '^\\d{1,18}$' }) });
const ReasonForm = Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500 }) });
const SureForm = Type.Object({ sure: Type.Literal(true) });

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

export function addRecipientRoutes(routes: Router, deps: Deps): void {
  routes.get('/', mayEnter(), showAll);
  routes.get('/new', mayManage(), (ctx) => showForm(ctx, { values: usual(ctx), faults: {} }));
  routes.post('/new', mayManage(), (ctx) => found(deps, ctx));
  routes.post('/:id/take-over', mayManage(), (ctx) => answerTakeOver(deps, ctx));
  routes.get('/:id/edit', mayEnter(), async (ctx) => {
    const recipient = await demandOffice(ctx.scope, idOf(ctx), 'manage');
    await showForm(ctx, { values: { ...recipient }, faults: {} }, recipient);
  });
  routes.post('/:id/edit', mayEnter(), (ctx) => change(deps, ctx));
  routes.get('/:id/offices', mayEnter(), (ctx) => showOffices(deps, ctx));
  routes.post('/:id/offices', mayEnter(), (ctx) => give(deps, ctx));
  routes.post('/:id/offices/end', mayEnter(), (ctx) => end(deps, ctx));
  routes.get('/:id/close', mayEnter(), (ctx) => showClosing(ctx));
  routes.post('/:id/close', mayEnter(), (ctx) => close(deps, ctx));
}

async function showAll(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipients = await findRecipients(scope);
  const mine = new Set(recipients.map(({ id }) => id));
  const mayFound = scope.may('fundraising.recipient.manage');
  const others = mayFound ? (await findNames(scope)).filter(({ id }) => !mine.has(id)) : [];
  const standings = await sumStandings(scope, { today: todayOf(scope) });
  await ctx.render('recipients', {
    title: scope.t('fundraising.title'),
    recipients,
    standings: Object.fromEntries(standings.map((one) => [one.recipientId, one])),
    others,
    mayFound,
  });
}

async function found(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(RecipientForm);
  if (!form.ok) return showForm(ctx, form);
  try {
    const id = await foundRecipient(ctx.scope, deps, valuesOf(ctx, form.value));
    ctx.done(`${home}/${id}`, 'fundraising.recipient.founded', { name: form.value.name });
  } catch (error) {
    await showForm(ctx, { ...form, faults: faultsOf(ctx.scope, error) });
  }
}

async function change(deps: Deps, ctx: Context): Promise<void> {
  const recipient = await demandOffice(ctx.scope, idOf(ctx), 'manage');
  const form = await ctx.form(RecipientForm);
  if (!form.ok) return showForm(ctx, form, recipient);
  try {
    await changeRecipient(ctx.scope, deps, recipient.id, valuesOf(ctx, form.value));
    ctx.done(`${home}/${recipient.id}`, 'fundraising.recipient.saved');
  } catch (error) {
    await showForm(ctx, { ...form, faults: faultsOf(ctx.scope, error) }, recipient);
  }
}

async function showForm(ctx: Context, { values, faults }: Shown, recipient?: Recipient) {
  const { scope } = ctx;
  const lawful = scope.law.rule('money.collector');
  const isBad = Object.keys(faults).length > 0;
  const data = {
    title: scope.t(recipient ? 'fundraising.recipient.edit' : 'fundraising.recipient.new'),
    ...{ form: { values, faults }, recipient },
    kinds: kinds.map((kind) => ({ value: kind, label: scope.t(`fundraising.kind.${kind}`) })),
    collectors: (lawful.value ?? []).map((word) => ({
      value: word,
      label: scope.t(`fundraising.collector.${word}`),
    })),
    source: lawful.reasons[0]?.source,
    elections: await findElections(scope),
    regional: regionalKinds(scope),
    regions: await findRegions(scope),
  };
  await ctx.render('recipient-form', data, isBad ? 422 : 200);
}

function valuesOf({ scope }: Context, form: Static<typeof RecipientForm>): RecipientValues {
  const { collector, agent, registerNumber, currency, bankAccount, election, region } = form;
  return {
    ...{ kind: form.kind, name: form.name, address: form.address },
    collector: collector || undefined,
    agent: agent || undefined,
    registerNumber: registerNumber || undefined,
    currency: currency?.toUpperCase() || currencyOf(scope),
    bankAccount: bankAccount?.replace(/\s+/g, '') || undefined,
    election: form.kind === 'candidate' ? election?.trim() || undefined : undefined,
    region: regionalKinds(scope).kinds.includes(form.kind) ? codeOf(region) : undefined,
    opensOn: form.opensOn,
    closesOn: form.closesOn,
    isTest: form.isTest ?? false,
  };
}

/** `oh` is `OH`. */
function codeOf(region = ''): string | undefined {
  return region.trim().toUpperCase() || undefined;
}

function usual({ scope }: Context): Record<string, unknown> {
  const { controller, address } = scope.organization.legal;
  return {
    kind: scope.organization.parentId ? 'local_party' : 'party',
    ...{ name: controller, address, currency: currencyOf(scope) },
  };
}

/** That of the law's own amounts. */
function currencyOf(scope: Context['scope']): string {
  return lawfulCurrency(scope)?.currency ?? 'EUR';
}

async function showOffices(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const staff = await deps.staff.list(scope);
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  const offices = (await findOffices(scope, recipient.id)).map((office) => ({
    ...office,
    name: names.get(office.accountId) ?? scope.t('fundraising.office.gone'),
  }));
  await ctx.render('offices', {
    title: scope.t('fundraising.office.title'),
    ...{ recipient, offices },
    mayDo: await deedsOf(scope, recipient),
    staff: staff.map(({ id, name, emailAddress }) => ({
      ...{ value: id, label: `${name} (${emailAddress})` },
    })),
    duties: duties.map((duty) => ({
      ...{ value: duty, label: scope.t(`fundraising.duty.${duty}`) },
      hint: scope.t(`fundraising.duty.${duty}.does`),
    })),
  });
}

async function give(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(OfficeForm);
  if (form.ok) await giveOffice(ctx.scope, deps, { recipientId: idOf(ctx), ...form.value });
  ctx.done(`${home}/${idOf(ctx)}/offices`, 'fundraising.office.given');
}

async function end(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(EndForm);
  if (form.ok) await takeOffice(ctx.scope, deps, { recipientId: idOf(ctx), ...form.value });
  ctx.done(`${home}/${idOf(ctx)}/offices`, 'fundraising.office.ended');
}

async function answerTakeOver(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(ReasonForm);
  if (!form.ok) return ctx.done(home, 'fundraising.office.reason');
  await takeOver(ctx.scope, deps, idOf(ctx), form.value.reason);
  ctx.done(`${home}/${idOf(ctx)}`, 'fundraising.office.taken');
}

async function showClosing(ctx: Context, faults: Record<string, string> = {}): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  await ctx.render(
    'closing',
    {
      title: scope.t('fundraising.closing.title'),
      ...{ recipient, faults },
      balances: recipient.closing?.balances ?? (await sumBalances(scope, recipient.id)),
      mayDo: await deedsOf(scope, recipient),
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

async function close(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(SureForm);
  if (!form.ok) return showClosing(ctx, form.faults);
  await closeRecipient(ctx.scope, deps, idOf(ctx));
  ctx.done(`${home}/${idOf(ctx)}/close`, 'fundraising.closing.done');
}
