// What people may ask of what social matching keeps on them; also while it is off by law.
import type { Scope, SubjectRights } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findConsent } from './ground.ts';
import {
  deleteAllOf,
  deleteWaitingBefore,
  findAllCandidatesOf,
  findPeopleKept,
  findSearchesOf,
  moveAll,
} from './subject.sql.ts';

const waitingDays = 30;
const batch = 500;

export function makeSubjectRights(deps: Deps): SubjectRights {
  return {
    async *export(scope, personId) {
      for (const row of await findSearchesOf(scope, personId)) {
        yield { table: 'social_match.search', row };
      }
      for (const row of await findAllCandidatesOf(scope, personId)) {
        yield { table: 'social_match.candidate', row };
      }
    },
    async erase(scope, personId) {
      await deleteAllOf(scope, personId);
      return { done: true };
    },
    merge: (scope, from, into) => moveAll(scope, from, into),
    async forget(scope) {
      const month = new Date(scope.now().getTime() - waitingDays * 24 * 3600 * 1000);
      const old = await scope.write((own) => deleteWaitingBefore(own, month));
      return old + (await dropAllWithoutConsent(scope, deps));
    },
  };
}

/** Consents that were withdrawn while it was off, when no listener ran. */
async function dropAllWithoutConsent(scope: Scope, deps: Deps): Promise<number> {
  let dropped = 0;
  let after = '0';
  for (;;) {
    const ids = await findPeopleKept(scope, after, batch);
    for (const id of ids) {
      if (await findConsent(scope, deps, id)) continue;
      await scope.write((own) => deleteAllOf(own, id));
      dropped += 1;
    }
    const last = ids.at(-1);
    if (!last || ids.length < batch) return dropped;
    after = last;
  }
}
