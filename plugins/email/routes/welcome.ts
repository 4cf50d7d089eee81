// /admin/email/welcome: the letter that who subscribes gets first, a newsletter each; off until it is written and turned on.
import { faultsOfKeeping } from 'rostra/outreach';
import { type Context, letFrameOwn, notFound, permit, type Router, Type } from 'rostra/plugin';
import { blocksMost, type Content, faultsIn, kinds, spoken } from '../content.ts';
import type { Deps } from '../deps.ts';
import { choicesOf, hasSite, withPictures } from '../picture.ts';
import { countWelcomed } from '../welcome.sql.ts';
import { demandWelcome, keepWelcome, turnWelcome, type Welcome, welcomesOf } from '../welcome.ts';
import { sampleOf, showDrawn } from './drawn.ts';
import { blankBlocks, changed, contentIn, wordFields } from './written.ts';

const home = '/admin/email/welcome';
const WelcomeForm = Type.Object({
  ...wordFields,
  version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
});
const TurnForm = Type.Object({ on: Type.String({ pattern: '^(yes|no)$' }) });
type Faults = Record<string, string>;
const blank: Content = { subject: '', preheader: '', blocks: blankBlocks };

export function welcomeRoutes(routes: Router, deps: Deps): void {
  const [read, write] = [permit('outreach.send.read'), permit('outreach.send.write')];
  const release = permit('outreach.send.release');
  routes.get('/welcome', read, (ctx) => showAll(deps, ctx));
  routes.get('/welcome/:newsletterId', write, async (ctx) => {
    const one = await welcomeOf(deps, ctx);
    await show(deps, ctx, one, one.content ?? blank);
  });
  routes.post('/welcome/:newsletterId', write, (ctx) => save(deps, ctx));
  routes.get('/welcome/:newsletterId/preview', read, (ctx) => preview(deps, ctx));
  routes.post('/welcome/:newsletterId/turn', release, (ctx) => turn(deps, ctx));
}

const welcomeOf = (deps: Deps, { scope, params }: Context): Promise<Welcome> =>
  demandWelcome(scope, deps, params['newsletterId'] ?? '');

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const sent = await countWelcomed(ctx.scope);
  const welcomes = (await welcomesOf(ctx.scope, deps)).map(({ newsletter, content, isOn }) => ({
    ...{ ...newsletter, isOn, sent: sent.get(newsletter.id) ?? 0 },
    subject: content && spoken(content.subject),
  }));
  await ctx.render('welcome', { welcomes });
}

async function save(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const one = await welcomeOf(deps, ctx);
  const form = await ctx.form(WelcomeForm);
  const typed = contentIn(form.values);
  const blocks = await withPictures(scope, deps, typed.blocks);
  const content = { ...typed, blocks };
  if (!form.ok) return show(deps, ctx, one, content, form.faults);
  const { do: act = 'save', version = '0' } = form.value;
  if (act !== 'save') {
    return show(deps, ctx, one, { ...content, blocks: changed(blocks, act) });
  }
  const faults = faultsIn(content).map(({ path, message }) => [path.slice(1), scope.t(message)]);
  if (faults.length > 0) return show(deps, ctx, one, content, Object.fromEntries(faults));
  const { id } = one.newsletter;
  try {
    await keepWelcome(scope, deps, id, { content, version: Number(version) });
    ctx.done(`${home}/${id}`, 'email.saved');
  } catch (error) {
    // What was typed is not lost.
    await show(deps, ctx, one, content, faultsOfKeeping(scope, error, 'subject'));
  }
}

async function show(
  deps: Deps,
  ctx: Context,
  welcome: Welcome,
  written: Content,
  faults: Faults = {},
): Promise<void> {
  letFrameOwn(ctx);
  const data = {
    ...{ welcome, written, faults, kinds, blocksMost, hasSite: hasSite(ctx.scope, deps) },
    pictures: await choicesOf(ctx.scope, deps),
  };
  await ctx.render('welcome-write', data, Object.keys(faults).length > 0 ? 422 : 200);
}

/** As it was saved. */
async function preview(deps: Deps, ctx: Context): Promise<void> {
  const { content, newsletter } = await welcomeOf(deps, ctx);
  if (!content) throw notFound('letter', newsletter.id);
  await showDrawn(
    deps,
    ctx,
    await sampleOf(ctx.scope, deps, content, { newsletterId: newsletter.id }),
  );
}

async function turn(deps: Deps, ctx: Context): Promise<void> {
  const { newsletter, content } = await welcomeOf(deps, ctx);
  const form = await ctx.form(TurnForm);
  const isOn = form.values['on'] === 'yes';
  if (!content) return ctx.done(`${home}/${newsletter.id}`, 'email.welcome.write-first');
  await turnWelcome(ctx.scope, deps, newsletter.id, isOn);
  ctx.done(home, isOn ? 'email.welcome.turned-on' : 'email.welcome.turned-off');
}
