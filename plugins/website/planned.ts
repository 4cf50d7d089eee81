// An election is entered when a page is planned for its silence already: the page comes out when that is over.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findPlanned, postponePage } from './planned.sql.ts';

/** Also those of who stands above and below, whom the election concerns too. */
export async function postponePlanned(scope: Scope, deps: Deps, electionId: string): Promise<void> {
  for (const { id, publishAt } of await findPlanned(scope)) {
    const silenced = await deps.silence.at(scope, ['publish.page'], publishAt);
    if (!silenced?.windows.some(({ round }) => round.electionId === electionId)) continue;
    await scope.write(async (own) => {
      await postponePage(own, id, silenced.until);
      await deps.audit.record(own, { act: 'page.postponed', subject: { type: 'page', id } });
      await deps.cache.drop(own);
    });
  }
}
