// What people may ask of their requests themselves.
import type { SubjectRights } from 'rostra/plugin';
import { forgetKept } from './kept.ts';
import { deleteOutdated, emptySubject, moveSubject, readSubject } from './subject.sql.ts';

const day = 24 * 3600 * 1000;

export const subject: SubjectRights = {
  export: (scope, personId) => readSubject(scope, personId),
  async erase(scope, personId) {
    await emptySubject(scope, personId);
    return { done: true };
  },
  merge: (scope, from, into) => moveSubject(scope, from, into),
  // `keep` in plugin.json says five years of an answer, and no link lives longer than a week.
  forget: (scope) =>
    scope.write(async (own) => {
      const answers = new Date(own.now().getTime() - 5 * 365 * day);
      return (await forgetKept(own)) + (await deleteOutdated(own, { links: own.now(), answers }));
    }),
};
