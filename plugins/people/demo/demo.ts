// What people show of themselves in an invented party, and how it goes again.
import type { Demo } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { fill } from './fill.ts';
import {
  deleteInvented,
  deleteLabels,
  deleteSuppressions,
  findKnownElsewhere,
  gatherInvented,
} from './remove.sql.ts';

export function makeDemo(deps: Deps): Demo {
  return {
    fill,
    async remove(scope, traces) {
      await gatherInvented(scope.db, await traces.marked(scope, 'person'));
      await deleteSuppressions(scope.db);
      // Those whom somebody tried other plugins on go by the way that those plugins have for it.
      for (const id of await findKnownElsewhere(scope.db)) await deps.subjects.erase(scope, id);
      await deleteInvented(scope);
      const tags = await traces.marked(scope, 'tag');
      await deleteLabels(scope, { tags, newsletters: await traces.marked(scope, 'newsletter') });
    },
  };
}
