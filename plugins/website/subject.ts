// What people may ask of what the website keeps: their claims, and the trace of those that they confirmed.
import type { Scope, SubjectRights } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { claimDays } from './sign-up.ts';
import {
  deleteOldSubmissions,
  deleteSubmissionsOf,
  findSubmissionsOf,
  moveSubmissions,
} from './submission.sql.ts';

const traceDays = 30;

export function subjectOf(deps: Deps): SubjectRights {
  const emailsOf = async (scope: Scope, personId: string): Promise<string[]> =>
    (await deps.people.find(scope, personId))?.emailAddresses ?? [];
  return {
    async *export(scope, personId) {
      const rows = await findSubmissionsOf(scope, personId, await emailsOf(scope, personId));
      for (const row of rows) yield { table: 'website.submission', row };
    },
    async erase(scope, personId) {
      const emails = await emailsOf(scope, personId);
      await deleteSubmissionsOf(scope, personId, emails);
      // Claims that were never confirmed had their mails too.
      await deps.mail.assign(scope, personId, emails);
      return { done: true };
    },
    merge: (scope, from, into) => moveSubmissions(scope, from, into),
    forget: (scope) =>
      scope.write((own) =>
        deleteOldSubmissions(own, daysBefore(own, claimDays), daysBefore(own, traceDays)),
      ),
  };
}

function daysBefore(scope: Scope, days: number): Date {
  return new Date(scope.now().getTime() - days * 24 * 60 * 60 * 1000);
}
