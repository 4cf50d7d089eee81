// Law > Breaches: the register as list and file, the form of a breach, and the drafts of the notices.
import { type Context, isAppError, notFound, type Router, type Scope } from 'rostra/plugin';
import {
  type Breach,
  type BreachShow,
  countBreaches,
  findBreaches,
  kindsOfBreach,
  risks,
} from '../breach.sql.ts';
import { breachLaw, changeBreach, clockOf, isToTell, recordBreach } from '../breach.ts';
import { countriesAbroad, urgentOf } from '../breach-abroad.ts';
import * as forms from '../breach-form.ts';
import { isReader, noticeTo, plainText } from '../breach-notice.ts';
import { registerCsv } from '../breach-register.ts';
import { dataWord } from '../breach-words.ts';
import { sendText } from '../copy.ts';
import type { Deps } from '../deps.ts';
import { courseRoutes } from './breach-course.ts';
import { atHome, home, may, ownBreach, type Shown, showOne } from './breach-page.ts';

const aPage = 50;

export function breachRoutes(routes: Router, deps: Deps): void {
  routes.get('/breaches', may(), (ctx) => showList(ctx));
  routes.post('/breaches/export', may(), async (ctx) => {
    await deps.audit.record(ctx.scope, { act: 'breach.exported' });
    sendText(ctx, registerCsv(ctx.scope), `${ctx.scope.t('privacy.breach.file')}.csv`, 'text/csv');
  });
  routes.get('/breaches/new', may(), (ctx) => {
    const now = forms.localOf(ctx.scope, ctx.scope.now());
    return showForm(deps, ctx, { values: { knownAt: now }, faults: {} });
  });
  routes.post('/breaches/new', may(), (ctx) => record(deps, ctx));
  routes.get('/breaches/:id', may(), (ctx) =>
    atHome(ctx, '', (breach) => showOne(deps, ctx, breach)),
  );
  routes.get('/breaches/:id/edit', may(), (ctx) =>
    atHome(ctx, '/edit', (breach) => {
      if (breach.closedAt) throw notFound('breach', breach.id);
      return showForm(deps, ctx, { values: forms.typedOf(ctx.scope, breach), faults: {} }, breach);
    }),
  );
  routes.post('/breaches/:id/edit', may(), (ctx) => change(deps, ctx));
  courseRoutes(routes, deps);
  noticeRoutes(routes);
}

function noticeRoutes(routes: Router): void {
  routes.get('/breaches/:id/notice/:reader', may(), (ctx) => {
    const reader = ctx.params['reader'] ?? '';
    if (!isReader(reader)) throw notFound('notice', reader);
    return atHome(ctx, `/notice/${reader}`, async (breach) => {
      const notice = noticeTo(reader, ctx.scope, breach);
      await ctx.render('notice', { title: notice.title, notice, reader, breach });
    });
  });
  routes.get('/breaches/:id/notice/:reader/text', may(), (ctx) => {
    const reader = ctx.params['reader'] ?? '';
    if (!isReader(reader)) throw notFound('notice', reader);
    return atHome(ctx, `/notice/${reader}/text`, async (breach) => {
      const text = plainText(ctx.scope, noticeTo(reader, ctx.scope, breach));
      const file = `${ctx.scope.t(`privacy.notice.file.${reader}`)}-${breach.reference}.txt`;
      sendText(ctx, [text], file, 'text/plain');
    });
  });
}

async function showList(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const filters = ctx.filters(forms.BreachQuery) as { show: BreachShow; skip: number };
  const found = await findBreaches(scope, filters, aPage + 1);
  const at = (skip: number) => `?${new URLSearchParams({ show: filters.show, skip: `${skip}` })}`;
  await ctx.render('breaches', {
    ...{ title: scope.t('privacy.breach.title'), show: filters.show },
    counts: await countBreaches(scope),
    breaches: found.slice(0, aPage).map((one) => {
      const isOwn = one.organizationId === scope.organization.id;
      const isUntold = isOwn && isToTell(breachLaw(scope, one.knownAt), one);
      const shown = urgentOf(one);
      return { ...one, shown, clock: clockOf(scope.now(), shown), isToTell: isUntold };
    }),
    hasChapters: found.some((one) => one.organizationId !== scope.organization.id),
    next: found.length > aPage ? at(filters.skip + aPage) : undefined,
    previous: filters.skip > 0 ? at(Math.max(0, filters.skip - aPage)) : undefined,
  });
}

async function showForm(deps: Deps, ctx: Context, form: Shown, breach?: Breach): Promise<void> {
  const { scope } = ctx;
  const title = scope.t(breach ? 'privacy.breach.edit' : 'privacy.breach.new');
  const data = {
    ...{ title, form, breach, kinds: kindsOfBreach, risks },
    data: await dataChoices(deps, ctx, breach?.data ?? []),
    zone: scope.organization.timeZone,
    countries: countriesAbroad(scope, breach?.knownAt ?? scope.now()),
  };
  await ctx.render('breach-form', data, Object.keys(form.faults).length > 0 ? 422 : 200);
}

/** What the plugins that are on say that they keep, and what was chosen before one of them went off. */
async function dataChoices(deps: Deps, { scope }: Context, chosen: readonly string[]) {
  const practices = await deps.plugins.dataPractices(scope);
  const all = [...new Set([...practices.map(({ data }) => data), ...chosen])];
  const choices = all.map((value) => {
    const owners = practices.filter((one) => one.data === value).map(({ plugin }) => plugin);
    const names = [...new Set(owners)].map((plugin) => nameOf(scope, plugin));
    const hint = names.length > 0 ? new Intl.ListFormat(scope.locale).format(names) : undefined;
    return { value, label: dataWord(scope, value), hint };
  });
  // What has no word of its own comes last.
  const rank = ({ value }: { value: string }) => Number(value === 'user');
  return choices.sort((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label, scope.locale));
}

function nameOf(scope: Scope, plugin: string): string {
  const key = `${plugin}.plugin.name`;
  const name = scope.t(key);
  return name === key ? plugin : name;
}

async function record(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const form = await ctx.form(forms.BreachForm);
  if (!form.ok) return showForm(deps, ctx, form);
  const read = await forms.readFacts(scope, form.value);
  const people = await forms.readPeople(scope, deps, form.value.emails);
  if (read.faults || people.faults) {
    return showForm(deps, ctx, { ...form, faults: { ...read.faults, ...people.faults } });
  }
  const id = await recordBreach(scope, deps, read.facts, people.personIds, form.value.countries);
  ctx.done(`${home}/${id}`, 'privacy.breach.done.recorded');
}

async function change(deps: Deps, ctx: Context): Promise<void> {
  const breach = await ownBreach(ctx);
  const form = await ctx.form(forms.BreachForm);
  if (!form.ok) return showForm(deps, ctx, form, breach);
  const read = await forms.readFacts(ctx.scope, form.value);
  if (read.faults) return showForm(deps, ctx, { ...form, faults: read.faults }, breach);
  try {
    const { seen, countries } = form.value;
    await changeBreach(ctx.scope, deps, breach.id, read.facts, seen, countries);
  } catch (error) {
    if (!isAppError(error) || !error.code.startsWith('privacy.')) throw error;
    const now = await ownBreach(ctx);
    const values = { ...form.values, seen: now.lastChange };
    return showForm(deps, ctx, { values, faults: { act: ctx.scope.t(error.code) } }, now);
  }
  ctx.done(`${home}/${breach.id}`, 'privacy.breach.done.changed');
}
