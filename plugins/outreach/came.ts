// What came of a send: asked of the plugins to whose pages its links lead.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Outcome } from './index.ts';

/** One that fails is left out, and told of in its plugin's name. */
export async function cameOf(scope: Scope, deps: Deps, mark: string): Promise<Outcome[]> {
  const came: Outcome[] = [];
  // One after the other: staff of a chapter read on one connection.
  for (const { plugin, service } of deps.outcomesOn(scope)) {
    const asked = { plugin, where: 'outcome of a send' };
    const one = await deps.plugins.attempt(scope, asked, () => service.cameBy(scope, mark));
    if (one) came.push(one);
  }
  return came;
}
