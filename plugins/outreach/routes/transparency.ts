// /transparency/<mark>: who is behind a message to a selection, by what its readers were chosen, and how to object.
import type { Context, Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { findSelection, type Selection } from '../selection.sql.ts';
import { fundingOf } from '../selection.ts';

export async function transparency(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const selection = await findSelection(scope, ctx.params['mark'] ?? '');
  if (!selection) {
    const title = scope.t('outreach.stop.gone.title');
    return ctx.render('gone', { title, noindex: true }, 404);
  }
  const funding = await fundingOf(scope, deps.settings);
  const title = scope.t('outreach.transparency.title');
  const facts = factsOf(scope, selection, funding);
  await ctx.render('transparency', { title, facts, noindex: true });
}

/** Reg. (EU) 2024/900, art. 12 and 19, wherever it or its like holds. */
function factsOf(scope: Scope, selection: Selection, funding: string) {
  const { name, legal } = scope.organization;
  const { criteria, elections, people, begunAt, endedAt } = selection;
  const said: [string, string | undefined][] = [
    ['sponsor', [legal.controller ?? name, legal.address].filter(Boolean).join(', ')],
    ['since', scope.t('outreach.transparency.day', { at: begunAt })],
    ['until', endedAt ? scope.t('outreach.transparency.day', { at: endedAt }) : undefined],
    ['election', elections.join(', ') || scope.t('outreach.transparency.election.none')],
    ['targeting', criteria],
    ['reach', scope.t('outreach.transparency.people', { count: people })],
    ['funding', funding],
    ['flagging', legal.contact],
  ];
  return said.flatMap(([word, value]) =>
    value ? [{ label: scope.t(`outreach.transparency.${word}`), value }] : [],
  );
}
