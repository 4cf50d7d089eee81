// What a sign-up page asks, for which newsletters, in which words.
import { type Context, type Form, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { closedBy, type FormSettings, FormSettingsSchema, openForm, usualForm } from '../form.ts';
import { type Page, updateForm } from '../page.sql.ts';
import { demandPage } from '../page.ts';

type Shown = Pick<Form<unknown>, 'values' | 'faults'>;

export async function showSettings(deps: Deps, ctx: Context, id: string): Promise<void> {
  const page = await demandForm(ctx, id);
  const now = await openForm(ctx.scope, deps, page.form);
  const words = Object.fromEntries(
    now.consents.map(({ channel, wording }) => [`${channel}Wording`, wording]),
  );
  await show(deps, ctx, page, { values: { ...now, ...words }, faults: {} });
}

export async function saveSettings(deps: Deps, ctx: Context, id: string): Promise<void> {
  const page = await demandForm(ctx, id);
  const form = await ctx.form(FormSettingsSchema);
  if (!form.ok) return show(deps, ctx, page, form);
  await ctx.scope.write(async (own) => {
    await updateForm(own, id, await ownWords(deps, own, form.value));
    await deps.audit.record(own, { act: 'form.changed', subject: { type: 'page', id } });
    await deps.cache.drop(own);
  });
  ctx.done(`/admin/website/pages/${id}/form`, 'website.form.saved');
}

async function show(deps: Deps, ctx: Context, page: Page, form: Shown): Promise<void> {
  const { scope } = ctx;
  const newsletters = await deps.newsletters.list(scope);
  const usual = await openForm(scope, deps, { ...usualForm, phone: true });
  await ctx.render('form', {
    title: scope.t('website.form.title', { title: page.title }),
    ...{ page, form, newsletters, closed: closedBy(scope) },
    usual: Object.fromEntries(usual.consents.map(({ channel, wording }) => [channel, wording])),
  });
}

/** Words that are as usual stay so: they are then in the language of the site, whoever saved. */
async function ownWords(deps: Deps, scope: Scope, given: FormSettings): Promise<FormSettings> {
  const usual = await openForm(scope, deps, { ...usualForm, phone: true });
  const isUsual = (words?: string) => usual.consents.some(({ wording }) => wording === words);
  const { emailWording, smsWording, ...rest } = given;
  return {
    ...rest,
    ...(!isUsual(emailWording) && { emailWording }),
    ...(!isUsual(smsWording) && { smsWording }),
  };
}

async function demandForm(ctx: Context, id: string): Promise<Page> {
  const page = await demandPage(ctx.scope, id);
  if (page.kind !== 'sign_up') throw notFound('form', id);
  return page;
}
