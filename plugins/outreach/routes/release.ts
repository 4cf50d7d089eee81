// A text is released, or somebody else is asked to, who releases it or sends it back.
import { type Context, faultsOf, instantOf, Type } from 'rostra/plugin';
import { ask, giveBackText } from '../approval.ts';
import type { Deps } from '../deps.ts';
import { release } from '../send.ts';
import { home, sendOf, showOne } from './one.ts';

const ReleaseForm = Type.Object({
  version: Type.String({ pattern: '^\\d{1,9}$' }),
  when: Type.Union([Type.Literal('now'), Type.Literal('later')]),
  at: Type.Optional(Type.String({ maxLength: 40 })),
  declared: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
});
const BackForm = Type.Object({
  version: Type.String({ pattern: '^\\d{1,9}$' }),
  note: Type.String({ minLength: 1, maxLength: 2000 }),
});

export function releaseOne(deps: Deps, ctx: Context): Promise<void> {
  return withTime(deps, ctx, 'release');
}

export function askForOne(deps: Deps, ctx: Context): Promise<void> {
  return withTime(deps, ctx, 'ask');
}

async function withTime(deps: Deps, ctx: Context, act: 'release' | 'ask'): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(ctx);
  const form = await ctx.form(ReleaseForm);
  if (!form.ok) return showOne(deps, ctx, form);
  const { when, at = '', declared = [] } = form.value;
  const version = Number(form.value.version);
  const start = when === 'later' ? onClock(at, scope.organization.timeZone) : undefined;
  if (when === 'later' && (!start || start <= scope.now())) {
    const faults = { at: scope.t('outreach.fault.at') };
    return showOne(deps, ctx, { values: form.values, faults });
  }
  try {
    if (act === 'ask') await ask(scope, deps, send, { version, start });
    else await release(scope, deps, send, { version, startsAt: start ?? scope.now(), declared });
  } catch (error) {
    return showOne(deps, ctx, { values: form.values, faults: faultsOf(scope, error) });
  }
  return ctx.done(`${home}/${send.id}`, `outreach.done.${act}${act === 'ask' ? '' : `.${when}`}`);
}

/** `2026-11-24T10:00`, as the organization's clock shows it. */
function onClock(local: string, timeZone: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return undefined;
  return Number.isNaN(Date.parse(`${local}Z`)) ? undefined : new Date(instantOf(local, timeZone));
}

export async function sendOneBack(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const send = await sendOf(ctx);
  const form = await ctx.form(BackForm);
  if (!form.ok) return showOne(deps, ctx, form);
  const { version, note } = form.value;
  if (note.trim() === '') {
    const faults = { note: scope.t('outreach.fault.note') };
    return showOne(deps, ctx, { values: form.values, faults });
  }
  await giveBackText(scope, deps, send, { version: Number(version), note: note.trim() });
  return ctx.done(home, 'outreach.done.back');
}
