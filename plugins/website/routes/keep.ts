// How long a page is kept for the next visitor.
import type { Context } from 'rostra/plugin';
import { findNextPublication } from '../page.sql.ts';

const anHour = 60 * 60 * 1000;

/** Until the next post comes out by itself; an hour at most, since rules of the law begin and end by date too. */
export async function keep(ctx: Context, until?: Date): Promise<void> {
  const next = await findNextPublication(ctx.scope);
  const soon = ctx.scope.now().getTime() + anHour;
  ctx.keep(new Date(Math.min(soon, Number(next ?? soon), Number(until ?? soon))));
}
