// What nobody knows of is sent again: by staff who know that it may arrive twice.
import { refused, type Scope } from 'rostra/plugin';
import { renewUnknown } from './again.sql.ts';
import type { Deps } from './deps.ts';
import { moveSend } from './send.sql.ts';
import { wake } from './send.ts';

/** Of a send that is finished, under way or paused; answers how many. */
export function sendAgain(scope: Scope, deps: Deps, id: string): Promise<number> {
  return scope.write(async (own) => {
    const count = await renewUnknown(own, id);
    if (count === 0) throw refused('outreach.changed-meanwhile', {});
    await moveSend(own, id, ['done'], 'sending');
    const subject = { type: 'send', id };
    await deps.audit.record(own, { act: 'send.sent-again', subject, details: { count } });
    await wake(own, deps, id);
    return count;
  });
}
