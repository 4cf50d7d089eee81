// What people may ask of what is kept on them. It also runs while the law has the plugin off.
import type { SubjectRights } from 'rostra/plugin';
import { deleteMadeBefore, deleteSubject, moveSubject, readSubject, table } from './offer.sql.ts';

const year = 365 * 24 * 3600 * 1000;

export const subject: SubjectRights = {
  async *export(scope, personId) {
    for (const row of await readSubject(scope, personId)) yield { table, row };
  },
  async erase(scope, personId) {
    await deleteSubject(scope, personId);
    return { done: true };
  },
  merge: (scope, from, into) => moveSubject(scope, from, into),
  // `keep` in plugin.json says a year: this is what holds the promise.
  forget: (scope) =>
    scope.write((own) => deleteMadeBefore(own, new Date(own.now().getTime() - year))),
};
