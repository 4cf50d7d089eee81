// /admin/outreach/tags: which word in an answer puts which tag on its writer.
import {
  type Context,
  faultsOf,
  isAppError,
  permit,
  type Router,
  type Scope,
  Type,
} from 'rostra/plugin';
import { wordsOf } from '../answer-rules.ts';
import { channelsOf } from '../channel.ts';
import type { Deps } from '../deps.ts';
import { findSend, findSends } from '../send.sql.ts';
import { findTagRules } from '../tag-rule.sql.ts';
import { addTagRule, removeTagRule } from '../tag-rule.ts';

const home = '/admin/outreach/tags';
const sendsMost = 50;
const RuleForm = Type.Object({
  words: Type.String({ maxLength: 1300 }),
  tag: Type.String({ maxLength: 60 }),
  of: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

export function addTagRules(routes: Router, deps: Deps): void {
  const [read, edit] = [permit('outreach.send.read'), permit('people.person.edit')];
  routes.get('/tags', read, (ctx) => show(deps, ctx));
  routes.post('/tags', edit, (ctx) => add(deps, ctx));
  routes.post('/tags/:id/remove', edit, async (ctx) => {
    await removeTagRule(ctx.scope, deps, ctx.params['id'] ?? '');
    ctx.done(home, 'outreach.rules.removed');
  });
}

async function show(
  deps: Deps,
  ctx: Context,
  form: Shown = { values: {}, faults: {} },
): Promise<void> {
  const { scope } = ctx;
  const sends = await sendsOf(scope, deps);
  const rules = await findTagRules(scope);
  const names = new Map(sends.map(({ id, name }) => [id, name]));
  for (const { sendId } of rules) {
    if (!sendId || names.has(sendId)) continue;
    const send = await findSend(scope, sendId);
    if (send) names.set(sendId, send.name);
  }
  const tags = (await deps.tags.list(scope)).map(({ name }) => name);
  const listed = rules.map((rule) => ({ ...rule, send: rule.sendId && names.get(rule.sendId) }));
  const status = Object.keys(form.faults).length > 0 ? 422 : 200;
  await ctx.render('tags', { rules: listed, sends, tags, form }, status);
}

async function add(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const form = await ctx.form(RuleForm);
  if (!form.ok) return show(deps, ctx, form);
  const { words, tag, of: sendId } = form.value;
  try {
    await addTagRule(scope, deps, { words, tag, sendId }, wordsOf(scope));
    ctx.done(home, 'outreach.rules.added');
  } catch (error) {
    if (!isAppError(error)) throw error;
    const faults =
      error.code === 'outreach.rules-full'
        ? { words: scope.t(error.code) }
        : faultsOf(scope, error);
    await show(deps, ctx, { values: form.values, faults });
  }
}

/** Its own, the newest first, each with what it is: a letter and a text may have one name. */
async function sendsOf(scope: Scope, deps: Deps): Promise<{ id: string; name: string }[]> {
  const found = [];
  for (const { info } of await channelsOf(scope, deps)) {
    const what = scope.t(info.name);
    const own = await findSends(scope, { channel: info.id, most: sendsMost });
    found.push(...own.map(({ id, name }) => ({ id, name: named(scope, name, what) })));
  }
  return found.toSorted((a, b) => Number(b.id) - Number(a.id)).slice(0, sendsMost);
}

const named = (scope: Scope, name: string, what: string): string =>
  scope.t('outreach.rules.send', { name, what });
