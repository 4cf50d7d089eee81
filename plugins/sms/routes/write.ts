// /admin/sms: a text message is written, counted as it is typed, looked at as on a telephone, and sent to oneself.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type Audience,
  audienceIn,
  faultsOfKeeping,
  type Send,
  valueOfAudience,
} from 'rostra/outreach';
import { type Context, formatMoney, permit, type Router, type Scope, Type } from 'rostra/plugin';
import { accountOf, channel, sampleAround } from '../channel.ts';
import { contentOf, countWhole, faultsIn, fill, lengthMost, partsMost, whole } from '../content.ts';
import type { Deps } from '../deps.ts';
import type { AccountRow } from '../gateway-account.sql.ts';
import { openLine } from '../line.ts';
import { countParts } from '../parts.ts';

const home = '/admin/sms';
const TextForm = Type.Object({
  to: Type.String({ maxLength: 40 }),
  text: Type.String({ maxLength: lengthMost }),
  version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  do: Type.Optional(Type.String({ pattern: '^(save|next)$' })),
});
const CountForm = Type.Object({
  to: Type.Optional(Type.String({ maxLength: 40 })),
  text: Type.Optional(Type.String({ maxLength: 2 * lengthMost })),
  version: Type.Optional(Type.String({ maxLength: 20 })),
});
const TestForm = Type.Object({ number: Type.String({ maxLength: 40 }) });
interface Written {
  /** Whom it goes to, as the field has it. */
  to: string;
  text: string;
}
type Faults = Record<string, string>;

export function addWriting(routes: Router, deps: Deps): void {
  const may = permit('outreach.send.write');
  routes.get('/new', may, (ctx) => show(deps, ctx, undefined, { to: '', text: '' }));
  routes.post('/new', may, (ctx) => save(deps, ctx, undefined));
  routes.post('/count', may, (ctx) => count(deps, ctx));
  routes.get('/:id', may, async (ctx) => {
    const send = await sendOf(deps, ctx);
    await show(deps, ctx, send, writtenOf(send));
  });
  routes.post('/:id', may, async (ctx) => save(deps, ctx, await sendOf(deps, ctx)));
  routes.get('/:id/preview', permit('outreach.send.read'), (ctx) => preview(deps, ctx));
  routes.post('/:id/test', may, (ctx) => sendTest(deps, ctx));
}

const writtenOf = (send: Send): Written => ({
  ...{ to: valueOfAudience(send), text: contentOf(send.content).text },
});

const sendOf = (deps: Deps, { scope, params }: Context): Promise<Send> =>
  deps.outreach.demand(scope, channel, params['id'] ?? '');

async function save(deps: Deps, ctx: Context, send: Send | undefined): Promise<void> {
  const form = await ctx.form(TextForm);
  const { scope } = ctx;
  const written = writtenIn(form.values);
  if (!form.ok) return show(deps, ctx, send, written, form.faults);
  const { to, text } = written;
  const faults = faultsIn({ text }, await around(deps, scope, audienceIn(to)));
  const said = faults.map(({ path, message, params }) => [path.slice(1), scope.t(message, params)]);
  if (said.length > 0) return show(deps, ctx, send, written, Object.fromEntries(said));
  const name = fill({ text }).replace(/\s+/g, ' ').slice(0, 80);
  const fields = { name, ...audienceIn(to), content: { text } };
  // What is typed is kept on the way: nobody sends what they changed since.
  const isOnward = form.value.do === 'next';
  // As it was kept already: whoever waits for an approval goes on waiting.
  const isKept = isOnward && send && isDeepStrictEqual(writtenOf(send), { to, text });
  try {
    const id = send?.id ?? (await deps.outreach.create(scope, { ...fields, channel }));
    if (send && !isKept)
      await deps.outreach.change(scope, id, Number(form.value.version ?? 0), fields);
    ctx.done(isOnward ? `/admin/outreach/${id}` : `${home}/${id}`, 'sms.saved');
  } catch (error) {
    // What was typed is not lost.
    await show(deps, ctx, send, written, faultsOfKeeping(scope, error, 'text'));
  }
}

const writtenIn = (values: Record<string, unknown>): Written => ({
  to: String(values['to'] ?? ''),
  text: String(values['text'] ?? ''),
});

async function show(
  deps: Deps,
  ctx: Context,
  send: Send | undefined,
  written: Written,
  faults: Faults = {},
): Promise<void> {
  const { scope } = ctx;
  const audiences = await deps.outreach.audiences(scope);
  const to = written.to || (audiences[0]?.options[0]?.value ?? '');
  const shown = { ...written, to };
  const account = await accountOf(scope);
  await ctx.render(
    'write',
    {
      ...{ send, audiences, faults, written: shown, lengthMost },
      ...{ isOpen: !send || send.state === 'draft', account: accountShown(scope, account) },
      sample: await sampleOf(deps, scope, shown),
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

/** As whom it goes, and through whose account. */
function accountShown({ organization }: Scope, account: AccountRow | undefined) {
  if (!account) return undefined;
  const { sender, owner, awaySince } = account;
  return { sender, owner, awaySince, isAbove: account.organizationId !== organization.id };
}

async function count(deps: Deps, ctx: Context): Promise<void> {
  const { values } = await ctx.form(CountForm);
  await ctx.fragment('partials/sample', {
    sample: await sampleOf(deps, ctx.scope, writtenIn(values)),
  });
}

/** As a reader gets it of whom no name is known, with what one and all cost. */
async function sampleOf(deps: Deps, scope: Scope, written: Written) {
  const text = written.text.slice(0, lengthMost);
  const audience = audienceIn(written.to);
  const lines = await around(deps, scope, audience);
  const counted = countWhole({ text }, lines);
  const account = await accountOf(scope);
  const people = await deps.outreach.count(scope, { ...audience, channel });
  const price = (milli: number) =>
    account && account.priceMilli > 0
      ? formatMoney(scope.locale, Math.ceil(milli / 1000), account.currency)
      : undefined;
  const all = counted.parts * people * (account?.priceMilli ?? 0);
  return {
    ...{ ...counted, partsMost, people, whole: whole({ text }, lines), all: price(all) },
    isTooLong: counted.parts > partsMost,
  };
}

/** As it was saved, for whoever releases it: in a frame that runs nothing. */
async function preview(deps: Deps, ctx: Context): Promise<void> {
  const send = await sendOf(deps, ctx);
  ctx.set({
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; frame-ancestors 'self'; sandbox",
    'X-Frame-Options': 'SAMEORIGIN',
  });
  const sample = await sampleOf(deps, ctx.scope, writtenOf(send));
  await ctx.fragment('preview', { sample });
}

async function around(deps: Deps, scope: Scope, audience: Audience) {
  const account = await accountOf(scope);
  return sampleAround(
    scope,
    deps,
    await deps.outreach.frame(scope, { ...audience, channel }),
    account?.sender,
  );
}

const testMs = 20_000;
const [testsMost, hour] = [10, 3600];

/** To a number that is typed in: who it belongs to knows of it, and ten an hour annoy nobody for long. */
async function sendTest(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(deps, ctx);
  const form = await ctx.form(TestForm);
  const typed = String(form.values['number'] ?? '');
  const to = await deps.people.readNumber(scope, typed);
  const account = await accountOf(scope);
  const fail = (word: string) =>
    show(deps, ctx, send, writtenOf(send), { number: scope.t(`sms.test.${word}`) });
  if (!to) return fail('number-fault');
  if (!account) return fail('no-account');
  const by = scope.actor.kind === 'staff' ? scope.actor.accountId : '';
  if (!(await deps.limits.take(scope, `test:${by}`, testsMost, hour))) return fail('too-many');
  const text = whole(contentOf(send.content), await around(deps, scope, send));
  const { alphabet: encoding, parts } = countParts(text);
  const line = await openLine(scope, deps, account).catch(() => undefined);
  if (!line) return fail('unreachable');
  try {
    const message = { key: randomUUID(), from: account.sender, to, text, encoding, parts };
    const cut = AbortSignal.timeout(testMs);
    await line.turn(parts, cut);
    const handed = await line.hand(message, cut);
    if (handed.state !== 'accepted') return await fail('refused');
  } finally {
    await line.close();
  }
  await deps.audit.record(scope, { act: 'test.sent', subject: { type: 'send', id: send.id } });
  ctx.done(`${home}/${send.id}`, 'sms.test.sent', { to });
}
