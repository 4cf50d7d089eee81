// The donation page: a kind of page of the website, with amounts, goal and all that the law wants said there.
import { dayOf, type Fault, type Scope, Type } from 'rostra/plugin';
import type { PagePart, PageSettings, PageType, TypedPage } from 'rostra/website';
import { sumForPage } from './appeal.sql.ts';
import { appealOf } from './appeal.ts';
import { whoMayGive } from './asked.ts';
import { actOf, todayOf } from './day.ts';
import type { Deps } from './deps.ts';
import type { Method } from './index.ts';
import { readMoney, writeMoney } from './money.ts';
import { said } from './pledge.ts';
import { accountsFor } from './provider-account.ts';
import { findAskingRecipient, findNames, type Recipient } from './recipient.sql.ts';
import { judge, openTill, type Till, type TillFault } from './till.ts';

export const donationPage = 'fundraising.donation';
const onlineMethods: readonly Method[] = ['card', 'direct_debit'];
const mostAmounts = 8;

export interface DonationPageSettings {
  recipient: string;
  amounts: string;
  goal: string | undefined;
  showsProgress: boolean;
  fund: string | undefined;
  thanks: string | undefined;
}

export function makePageType(deps: Deps): PageType {
  return {
    describe: async (scope) => ({
      id: donationPage,
      name: 'fundraising.page.name',
      summary: 'fundraising.page.does',
      settings: await settingsSchema(scope),
    }),
    check: (scope, settings) => faultsOfSettings(scope, settings),
    part: (scope, page) => partOf(scope, deps, page),
  };
}

/** As it was saved: what is not there any more is empty. */
export function settingsOf(settings: PageSettings): DonationPageSettings {
  const text = (key: string) => String(settings[key] ?? '').trim() || undefined;
  return {
    recipient: text('recipient') ?? '',
    amounts: text('amounts') ?? '',
    goal: text('goal'),
    showsProgress: settings['showsProgress'] === true,
    fund: text('fund'),
    thanks: text('thanks'),
  };
}

/** By which means a gift can be paid on the page now; none where the law or the recipient's accounts let none. */
export async function methodsOf(scope: Scope, deps: Deps, till: Till): Promise<Method[]> {
  const decision = till.online(true);
  if (decision.effect === 'deny') return [];
  const lawful = onlineMethods.filter((method) => till.methods.value?.includes(method) ?? true);
  const able: Method[] = [];
  for (const method of lawful) {
    const accounts = await accountsFor(scope, deps, till.recipient.id, method);
    if (accounts.length > 0) able.push(method);
  }
  return able;
}

/** Why nothing can be given here now; `undefined` when it can. */
export function closedWhy(scope: Scope, till: Till, day: string): string | undefined {
  const closing = ({ path, message }: TillFault) =>
    ['/givenOn', '/region'].includes(path) || message === 'fundraising.fault.currency';
  const fault = faultsOf(till, day, 1).find(closing);
  if (!fault) return undefined;
  const format = new Intl.DateTimeFormat(scope.locale, { dateStyle: 'long', timeZone: 'UTC' });
  const { day: limit, ...params } = fault.params;
  const written = limit && format.format(new Date(String(limit)));
  const source = fault.reasons[0]?.source ?? '';
  return scope.t(fault.message, { ...params, source, day: written });
}

/** What is wrong with the amount before anything is known of the donor. */
export function amountWhy(scope: Scope, till: Till, day: string, amountMinor: number) {
  const fault = faultsOf(till, day, amountMinor).find(({ path }) => path === '/amount');
  if (!fault) return undefined;
  const { params } = said(scope, fault);
  return scope.t('fundraising.page.fault.cap', { ...params, isAlone: 'true' });
}

function faultsOf(till: Till, givenOn: string, amountMinor: number): TillFault[] {
  const probe = {
    ...{ amountMinor, method: 'transfer', givenOn, donorType: 'natural_person' },
    ...{ qualities: [], excluded: [], identity: {}, attested: [], isAnonymous: false },
  };
  return judge(till, probe, { yearMinor: 0, cashMinor: 0 }).faults;
}

async function settingsSchema(scope: Scope) {
  const names = (await findNames(scope)).filter(({ isClosed }) => !isClosed);
  const recipients = names.map(({ id, name }) => Type.Literal(id, { title: name }));
  const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
  return Type.Object({
    recipient: recipients.length > 0 ? Type.Union(recipients) : Type.String({ minLength: 1 }),
    amounts: Type.String({ default: '10 25 50 100', maxLength: 80 }),
    goal: text(30),
    showsProgress: Type.Optional(Type.Boolean({ default: true })),
    fund: text(100),
    thanks: text(500),
  });
}

async function faultsOfSettings(scope: Scope, values: PageSettings): Promise<Fault[]> {
  const settings = settingsOf(values);
  const recipient = await findAskingRecipient(scope, settings.recipient);
  if (!recipient) return [{ path: '/recipient', message: 'fundraising.page.fault.recipient' }];
  const { currency } = recipient;
  const faults: Fault[] = [];
  const typed = wordsOf(settings).length;
  if (typed === 0 || typed > mostAmounts || amountsOf(settings, recipient).length < typed) {
    faults.push({ path: '/amounts', message: 'fundraising.page.fault.amounts' });
  }
  if (settings.goal && readMoney(settings.goal, currency) === undefined) {
    faults.push({ path: '/goal', message: 'fundraising.fault.amount' });
  }
  return faults;
}

/** What can be read of them: a page may have been saved in another currency. */
export function amountsOf(settings: DonationPageSettings, { currency }: Recipient): number[] {
  const read = wordsOf(settings).map((one) => readMoney(one, currency));
  return read.filter((one) => one !== undefined).slice(0, mostAmounts);
}

function wordsOf({ amounts }: DonationPageSettings): string[] {
  return amounts.split(/[\s;]+/).filter(Boolean);
}

async function partOf(scope: Scope, deps: Deps, page: TypedPage): Promise<PagePart> {
  const settings = settingsOf(page.settings);
  const recipient = await findAskingRecipient(scope, settings.recipient);
  if (!recipient) return { view: 'closed', data: { why: scope.t('fundraising.page.gone') } };
  const day = todayOf(scope);
  const till = openTill(scope, recipient, actOf(day));
  const methods = await methodsOf(scope, deps, till);
  const given = await sumForPage(scope, page.id);
  const goalMinor = settings.goal ? readMoney(settings.goal, recipient.currency) : undefined;
  const online = till.online(true);
  const until = midnightSoon(scope, day);
  return {
    view: 'donate',
    data: {
      action: `/give/${page.id}`,
      ...{ recipient: { name: recipient.name, currency: recipient.currency }, methods },
      amounts: amountsOf(settings, recipient).map((minor) => ({
        ...{ minor, typed: writeMoney(minor, recipient.currency) },
      })),
      ...{ given, goalMinor, showsProgress: settings.showsProgress, isTest: recipient.isTest },
      isPreview: page.isPreview,
      appeal: appealOf(scope, recipient, till, actOf(day)),
      closed: closedWhy(scope, till, day),
      // The law says no to cards here, e.g. where the elections office takes the money: the page says where to give.
      unlawful: online.effect === 'deny' ? (online.reasons[0]?.source ?? '') : undefined,
      who: whoMayGive(scope, till),
      countsAboveMinor: till.countsAbove.value?.minor ?? undefined,
      contact: scope.organization.legal.contact,
    },
    ...(until && { until }),
  };
}

const quarter = 15 * 60_000;

/** The window and the law of the day may end at midnight, which everywhere falls on a quarter of an hour. */
function midnightSoon(scope: Scope, day: string): Date | undefined {
  const first = Math.floor(scope.now().getTime() / quarter) + 1;
  const marks = [0, 1, 2, 3].map((more) => new Date((first + more) * quarter));
  return marks.find((mark) => dayOf(mark, scope.organization.timeZone) !== day);
}
