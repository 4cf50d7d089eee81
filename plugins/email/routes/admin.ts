// /admin/email: a letter is written, looked at as its reader will see it, and sent to oneself.
import { faultsOfKeeping, type Notice, type Send } from 'rostra/outreach';
import {
  type Context,
  leadOut,
  letFrameOwn,
  mailPolicy,
  notFound,
  permit,
  type Router,
  router,
  Type,
} from 'rostra/plugin';
import { channel } from '../channel.ts';
import { type Block, blocksMost, type Content, contentOf, faultsIn, kinds } from '../content.ts';
import type { Deps } from '../deps.ts';
import { letterData } from '../letter.ts';
import { archiveRoutes } from './archive.ts';

const home = '/admin/email';
const many = (schema: ReturnType<typeof Type.String>) =>
  Type.Optional(Type.Array(schema, { maxItems: blocksMost }));
const LetterForm = Type.Object({
  newsletterId: Type.String({ maxLength: 20 }),
  subject: Type.String({ maxLength: 200 }),
  preheader: Type.Optional(Type.String({ maxLength: 200 })),
  kind: many(Type.String({ maxLength: 20 })),
  text: many(Type.String({ maxLength: 5000 })),
  href: many(Type.String({ maxLength: 2000 })),
  version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  do: Type.Optional(Type.String({ pattern: '^(save|add|(up|down|copy|remove)-\\d{1,2})$' })),
});
interface Written extends Content {
  newsletterId: string;
}
type Faults = Record<string, string>;

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  const may = permit('outreach.send.write');
  archiveRoutes(routes, deps);
  routes.get('/new', may, (ctx) => show(deps, ctx, undefined, blank));
  routes.post('/new', may, (ctx) => save(deps, ctx, undefined));
  routes.get('/:id', may, async (ctx) => {
    const send = await sendOf(deps, ctx);
    await show(deps, ctx, send, { ...contentOf(send.content), newsletterId: send.newsletterId });
  });
  routes.post('/:id', may, async (ctx) => save(deps, ctx, await sendOf(deps, ctx)));
  routes.get('/:id/preview', permit('outreach.send.read'), (ctx) => preview(deps, ctx));
  routes.post('/:id/test', may, (ctx) => sendTest(deps, ctx));
  return routes;
}

const blank: Written = {
  ...{ newsletterId: '', subject: '', preheader: '' },
  blocks: [{ kind: 'paragraph', text: '', href: '' }],
};

const sendOf = (deps: Deps, { scope, params }: Context): Promise<Send> =>
  deps.outreach.demand(scope, channel, params['id'] ?? '');

async function save(deps: Deps, ctx: Context, send: Send | undefined): Promise<void> {
  const form = await ctx.form(LetterForm);
  const written = writtenIn(form.values);
  if (!form.ok) return show(deps, ctx, send, written, form.faults);
  const { do: act = 'save', version = '0' } = form.value;
  // Nothing of it is kept yet: the page comes back with what was typed, and a block more or less.
  if (act !== 'save') return show(deps, ctx, send, changed(written, act));
  const { newsletterId, ...content } = written;
  const fields = {
    name: content.subject.trim().slice(0, 200),
    newsletterId,
    content: { ...content },
  };
  const faults = faultsIn(content).map(({ path, message }) => [
    path.slice(1),
    ctx.scope.t(message),
  ]);
  if (faults.length > 0) return show(deps, ctx, send, written, Object.fromEntries(faults));
  try {
    const id = send?.id ?? (await deps.outreach.create(ctx.scope, { ...fields, channel }));
    if (send) await deps.outreach.change(ctx.scope, send.id, Number(version), fields);
    ctx.done(`${home}/${id}`, 'email.saved');
  } catch (error) {
    // What was typed is not lost.
    await show(deps, ctx, send, written, faultsOfKeeping(ctx.scope, error, 'subject'));
  }
}

function writtenIn(values: Record<string, unknown>): Written {
  const list = (value: unknown): string[] => [value ?? []].flat().map(String);
  const [kind, text, href] = [list(values['kind']), list(values['text']), list(values['href'])];
  const word = (name: string) => String(values[name] ?? '');
  return {
    ...{ newsletterId: word('newsletterId'), subject: word('subject') },
    preheader: word('preheader'),
    blocks: text.slice(0, blocksMost).map((words, at) => ({
      ...{ text: words, href: href[at] ?? '', kind: kindOf(kind[at]) },
    })),
  };
}

const kindOf = (word: string | undefined): Block['kind'] =>
  kinds.find((kind) => kind === word) ?? 'paragraph';

function changed(written: Written, act: string): Written {
  const [verb, place] = act.split('-');
  const at = Number(place);
  const { blocks } = written;
  const one = blocks[at];
  if (verb === 'add') {
    const more = blocks.length < blocksMost ? blank.blocks : [];
    return { ...written, blocks: [...blocks, ...more] };
  }
  if (!one) return written;
  const others = blocks.filter((block) => block !== one);
  if (verb === 'remove') return { ...written, blocks: others };
  if (verb === 'copy') {
    const copies = blocks.length < blocksMost ? [{ ...one }] : [];
    return { ...written, blocks: blocks.toSpliced(at + 1, 0, ...copies) };
  }
  const to = verb === 'down' ? at + 1 : Math.max(0, at - 1);
  return { ...written, blocks: others.toSpliced(to, 0, one) };
}

async function show(
  deps: Deps,
  ctx: Context,
  send: Send | undefined,
  written: Written,
  faults: Faults = {},
): Promise<void> {
  const newsletters = await deps.outreach.newsletters(ctx.scope);
  const [first] = newsletters;
  const newsletterId = written.newsletterId || (first?.id ?? '');
  letFrameOwn(ctx);
  await ctx.render(
    'write',
    {
      ...{ send, newsletters, faults, kinds, blocksMost, isOpen: !send || send.state === 'draft' },
      written: { ...written, newsletterId },
      testTo: await ownAddress(deps, ctx),
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

/** As it was saved, in a frame that runs nothing and loads nothing from elsewhere. */
async function preview(deps: Deps, ctx: Context): Promise<void> {
  const send = await sendOf(deps, ctx);
  const letter = await sampleOf(deps, ctx, send);
  const { html } = await deps.way.draw(ctx.scope, {
    view: 'letter',
    data: { letter },
    locale: ctx.scope.organization.locale,
  });
  ctx.set({
    'Content-Security-Policy': `${mailPolicy}; sandbox allow-popups allow-popups-to-escape-sandbox`,
    'X-Frame-Options': 'SAMEORIGIN',
    'Cache-Control': 'no-store',
  });
  ctx.type = 'html';
  ctx.body = leadOut(html);
}

/** As a reader gets it of whom no name is known. */
async function sampleOf(deps: Deps, { scope }: Context, send: Send) {
  const frame = await deps.outreach.frame(scope, send.newsletterId);
  const notices: Notice[] = frame.notices({ isDirect: true });
  const content = contentOf(send.content);
  return letterData(content, notices, {
    nameOf: (fallback) => fallback,
    stopPath: '/unsubscribe/test',
  });
}

async function sendTest(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(deps, ctx);
  const to = await ownAddress(deps, ctx);
  const letter = await sampleOf(deps, ctx, send);
  const subject = scope.t('email.test.subject', { subject: letter.subject });
  if (!to) throw notFound('account');
  const data = { letter: { ...letter, subject } };
  await deps.mail.send(scope, { to, view: 'letter', data, locale: scope.organization.locale });
  ctx.done(`${home}/${send.id}`, 'email.test.sent', { to });
}

async function ownAddress(deps: Deps, { scope }: Context): Promise<string | undefined> {
  const { actor } = scope;
  if (actor.kind !== 'staff') return undefined;
  const all = await deps.staff.list(scope);
  return all.find(({ id }) => id === actor.accountId)?.emailAddress;
}
