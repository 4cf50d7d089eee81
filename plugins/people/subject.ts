// What people may ask: all that is kept on them, its erasure, and that two records become one.
import { randomBytes } from 'node:crypto';
import type { Scope, SubjectRights } from 'rostra/plugin';
import { insertConsent } from './consent.sql.ts';
import { digestOf } from './consent-chain.ts';
import type { Deps } from './deps.ts';
import { sayNo } from './say-no.ts';
import {
  deleteOutdated,
  eraseSubject,
  findConflicts,
  findSubject,
  mergeSubject,
} from './subject.sql.ts';

export function makeSubjectRights(deps: Deps): SubjectRights {
  return {
    export: (scope, personId) => findSubject(scope, personId),
    async erase(scope, personId) {
      await scope.write(async (own) => {
        await deps.events.emit(own, 'people.person.erased', { personId });
        await eraseSubject(own, personId);
      });
      return { done: true };
    },
    async merge(scope, from, into) {
      await scope.write(async (own) => {
        const conflicts = await findConflicts(own, from, into);
        await mergeSubject(own, from, into);
        for (const conflict of conflicts) await withdrawAfterMerge(own, into, conflict);
        await deps.events.emit(own, 'people.person.merged', { from, into });
      });
    },
    sayNo: (scope, personId, said) => sayNo(scope, deps, personId, said),
    forget: (scope) => scope.write((own) => deleteOutdated(own, agesOf(own.now()))),
  };
}

/** Of two records one had said no: it stands as the last word. */
async function withdrawAfterMerge(
  scope: Scope,
  personId: string,
  conflict: { channel: string; purpose: string; organizationId: string },
): Promise<void> {
  const salt = randomBytes(32);
  const evidence = '{}';
  await insertConsent(scope, {
    personId,
    channel: conflict.channel,
    purpose: conflict.purpose,
    organizationId: conflict.organizationId,
    given: false,
    locale: scope.locale,
    source: 'merge',
    wording: '',
    evidence,
    salt,
    digest: digestOf(salt, personId, '', evidence),
  });
}

function agesOf(now: Date): { day: Date; month: Date; years: Date } {
  const day = 24 * 3600 * 1000;
  const ago = (days: number) => new Date(now.getTime() - days * day);
  return { day: ago(1), month: ago(30), years: ago(3 * 365) };
}
