// /admin/email: a letter is written, looked at as its reader will see it, and sent to oneself.
import { isDeepStrictEqual } from 'node:util';
import {
  audienceIn,
  faultsOfKeeping,
  type Send,
  type SendFields,
  valueOfAudience,
} from 'rostra/outreach';
import {
  type Context,
  letFrameOwn,
  notFound,
  permit,
  type Router,
  router,
  Type,
} from 'rostra/plugin';
import type { EmailSettings } from '../bounce-mailbox.ts';
import { channel } from '../channel.ts';
import { blocksMost, type Content, contentOf, faultsIn, kinds, spoken } from '../content.ts';
import type { Deps } from '../deps.ts';
import { insertPictures } from '../picture.sql.ts';
import { choicesOf, hasSite, withPictures } from '../picture.ts';
import { senderFor } from '../sender.ts';
import { answerRoutes } from './answers.ts';
import { archiveRoutes } from './archive.ts';
import { sampleOf, showDrawn } from './drawn.ts';
import { senderRoutes } from './senders.ts';
import { welcomeRoutes } from './welcome.ts';
import { blankBlocks, changed, contentIn, wordFields } from './written.ts';

const home = '/admin/email';
const LetterForm = Type.Object({
  ...wordFields,
  to: Type.String({ maxLength: 40 }),
  version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
});
interface Written extends Content {
  /** Whom it goes to, as the field has it. */
  to: string;
}
type Faults = Record<string, string>;

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  const may = permit('outreach.send.write');
  answerRoutes(routes, deps);
  archiveRoutes(routes, deps);
  senderRoutes(routes, deps);
  welcomeRoutes(routes, deps);
  routes.get('/new', may, (ctx) => show(deps, ctx, undefined, blank));
  routes.post('/new', may, (ctx) => save(deps, ctx, undefined));
  routes.get('/:id', may, async (ctx) => {
    const send = await sendOf(deps, ctx);
    await show(deps, ctx, send, { ...contentOf(send.content), to: valueOfAudience(send) });
  });
  routes.post('/:id', may, async (ctx) => save(deps, ctx, await sendOf(deps, ctx)));
  routes.get('/:id/preview', permit('outreach.send.read'), (ctx) => preview(deps, ctx));
  routes.post('/:id/test', may, async (ctx) => sendTest(deps, ctx, await sendOf(deps, ctx)));
  return routes;
}

const blank: Written = {
  ...{ to: '', subject: '', preheader: '' },
  blocks: blankBlocks,
};

const sendOf = (deps: Deps, { scope, params }: Context): Promise<Send> =>
  deps.outreach.demand(scope, channel, params['id'] ?? '');

async function save(deps: Deps, ctx: Context, send: Send | undefined): Promise<void> {
  const form = await ctx.form(LetterForm);
  const typed = writtenIn(form.values);
  const written = { ...typed, blocks: await withPictures(ctx.scope, deps, typed.blocks) };
  if (!form.ok) return show(deps, ctx, send, written, form.faults);
  const { do: act = 'save', version = '0' } = form.value;
  // Nothing of it is kept yet: the page comes back with what was typed, and a block more or less.
  if (!(act in onward)) {
    return show(deps, ctx, send, { ...written, blocks: changed(written.blocks, act) });
  }
  const { to, ...content } = written;
  const fields = {
    name: spoken(content.subject).slice(0, 200),
    ...audienceIn(to),
    content: { ...content },
  };
  const faults = faultsIn(content).map(({ path, message }) => [
    path.slice(1),
    ctx.scope.t(message),
  ]);
  if (faults.length > 0) return show(deps, ctx, send, written, Object.fromEntries(faults));
  try {
    const id = await ctx.scope.write(async (own) => {
      // As it was kept already: whoever waits for an approval goes on waiting.
      if (send && act !== 'save' && isAsKept(send, fields)) return send.id;
      const kept = send?.id ?? (await deps.outreach.create(own, { ...fields, channel }));
      if (send) await deps.outreach.change(own, kept, Number(version), fields);
      await insertPictures(own, kept, shownIn(content));
      return kept;
    });
    await onward[act as Onward](deps, ctx, id);
  } catch (error) {
    // What was typed is not lost.
    await show(deps, ctx, send, written, faultsOfKeeping(ctx.scope, error, 'subject'));
  }
}

/** What is typed is kept first: nobody sends, or tries, what they changed since. */
const onward = {
  save: async (_deps: Deps, ctx: Context, id: string) => ctx.done(`${home}/${id}`, 'email.saved'),
  next: async (_deps: Deps, ctx: Context, id: string) =>
    ctx.done(`/admin/outreach/${id}`, 'email.saved'),
  test: async (deps: Deps, ctx: Context, id: string) =>
    sendTest(deps, ctx, await deps.outreach.demand(ctx.scope, channel, id)),
};
type Onward = keyof typeof onward;

const isAsKept = (send: Send, { name: _, ...fields }: SendFields): boolean =>
  isDeepStrictEqual(contentOf(send.content), fields.content) &&
  valueOfAudience(send) === valueOfAudience(fields);

const shownIn = ({ blocks }: Content): string[] =>
  blocks.flatMap(({ kind, picture }) => (kind === 'image' && picture ? [picture.id] : []));

const writtenIn = (values: Record<string, unknown>): Written => ({
  ...{ ...contentIn(values), to: String(values['to'] ?? '') },
});

async function show(
  deps: Deps,
  ctx: Context,
  send: Send | undefined,
  written: Written,
  faults: Faults = {},
): Promise<void> {
  const audiences = await deps.outreach.audiences(ctx.scope);
  const to = written.to || (audiences[0]?.options[0]?.value ?? '');
  letFrameOwn(ctx);
  await ctx.render(
    'write',
    {
      ...{ send, audiences, faults, kinds, blocksMost, isOpen: !send || send.state === 'draft' },
      written: { ...written, to },
      pictures: await choicesOf(ctx.scope, deps),
      hasSite: hasSite(ctx.scope, deps),
      sender: await senderOf(deps, ctx, send),
      testTo: await ownAddress(deps, ctx),
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

/** As it was saved: in whose name it will be. */
async function senderOf(deps: Deps, { scope }: Context, send: Send | undefined) {
  const base = send && (await deps.way.sender(scope));
  const set = await deps.settings.read<EmailSettings>(scope);
  return base && senderFor(scope, send.newsletterId ?? undefined, base, set);
}

/** As it was saved. */
async function preview(deps: Deps, ctx: Context): Promise<void> {
  const send = await sendOf(deps, ctx);
  await showDrawn(deps, ctx, await letterOf(deps, ctx, send));
}

const letterOf = (deps: Deps, { scope }: Context, send: Send) =>
  sampleOf(scope, deps, contentOf(send.content), send);

async function sendTest(deps: Deps, ctx: Context, send: Send): Promise<void> {
  const { scope } = ctx;
  const to = await ownAddress(deps, ctx);
  const letter = await letterOf(deps, ctx, send);
  const subject = scope.t('email.test.subject', { subject: letter.subject });
  if (!to) throw notFound('account');
  const data = { letter: { ...letter, subject } };
  const sender = await senderOf(deps, ctx, send);
  const { locale } = scope.organization;
  await deps.mail.send(scope, { to, view: 'letter', data, locale, ...(sender && { sender }) });
  ctx.done(`${home}/${send.id}`, 'email.test.sent', { to });
}

async function ownAddress(deps: Deps, { scope }: Context): Promise<string | undefined> {
  const { actor } = scope;
  if (actor.kind !== 'staff') return undefined;
  const all = await deps.staff.list(scope);
  return all.find(({ id }) => id === actor.accountId)?.emailAddress;
}
