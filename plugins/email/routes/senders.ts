// /admin/email/senders: in whose name each newsletter's letters are, and where answers go.
import { type Context, faultsOf, notFound, permit, type Router } from 'rostra/plugin';
import type { EmailSettings } from '../bounce-mailbox.ts';
import type { Deps } from '../deps.ts';
import { domainOf, keepSender, ownSender, SenderForm, senderFor } from '../sender.ts';

const home = '/admin/email/senders';

export function senderRoutes(routes: Router, deps: Deps): void {
  routes.get('/senders', permit('outreach.send.read'), (ctx) => showAll(deps, ctx));
  const may = permit('people.newsletter.edit');
  routes.get('/senders/:newsletterId', may, (ctx) => show(deps, ctx));
  routes.post('/senders/:newsletterId', may, (ctx) => save(deps, ctx));
}

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const base = await deps.way.sender(scope);
  const set = await deps.settings.read<EmailSettings>(scope);
  const senders = [];
  for (const { id, name } of await deps.outreach.newsletters(scope)) {
    senders.push({ id, name, ...(base && { sender: await senderFor(scope, id, base, set) }) });
  }
  await ctx.render('senders', { senders, base, answersAddress: set.answersAddress });
}

async function show(
  deps: Deps,
  ctx: Context,
  typed?: { values: Record<string, unknown>; faults: Record<string, string> },
): Promise<void> {
  const { scope, params } = ctx;
  const newsletters = await deps.outreach.newsletters(scope);
  const newsletter = newsletters.find(({ id }) => id === params['newsletterId']);
  if (!newsletter) throw notFound('newsletter');
  const base = await deps.way.sender(scope);
  const own = { ...(await ownSender(scope, newsletter.id)) };
  const { values, faults } = typed ?? { values: own, faults: {} };
  const fields = await deps.fields.of(scope, SenderForm, { words: 'email.sender', values, faults });
  await ctx.render(
    'sender',
    { newsletter, fields, faults, base, domain: base && domainOf(base.from.address) },
    typed ? 422 : 200,
  );
}

async function save(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(SenderForm);
  if (!form.ok) return show(deps, ctx, form);
  try {
    await keepSender(ctx.scope, deps, ctx.params['newsletterId'] ?? '', form.value);
  } catch (error) {
    return show(deps, ctx, { values: form.values, faults: faultsOf(ctx.scope, error) });
  }
  ctx.done(home, 'email.sender.saved');
}
