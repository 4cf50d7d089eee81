// Pages that are planned for a silence come out when it is over; when its election goes or moves, as they were planned.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findPlanned, planPage } from './planned.sql.ts';

/** Asks again for each planned page of the organization, by its own law and the elections that concern it. */
export async function replanPages(scope: Scope, deps: Deps): Promise<void> {
  for (const { id, publishAt, wishedAt } of await findPlanned(scope)) {
    const wish = wishedAt ?? publishAt;
    const soonest = wish < scope.now() ? scope.now() : wish;
    const silenced = await deps.silence.at(scope, ['publish.page'], soonest);
    const at = silenced?.until ?? soonest;
    if (at.getTime() === publishAt.getTime()) continue;
    await scope.write(async (own) => {
      await planPage(own, id, { at, ...(silenced && { wishedAt: wish }) });
      const act = silenced ? 'page.postponed' : 'page.released';
      await deps.audit.record(own, { act, subject: { type: 'page', id } });
      await deps.cache.drop(own);
    });
  }
}
