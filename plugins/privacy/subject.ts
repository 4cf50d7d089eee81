// What people may ask of their requests themselves, and of breaches that concerned them.
import type { SubjectRights } from 'rostra/plugin';
import {
  emptyBreachesOf,
  forgetBreachPeople,
  moveBreachesOf,
  readBreachesOf,
} from './breach-person.sql.ts';
import { dataWords, kindWords } from './breach-words.ts';
import { forgetKept } from './kept.ts';
import { deleteOutdated, emptySubject, moveSubject, readSubject } from './subject.sql.ts';

const day = 24 * 3600 * 1000;

export const subject: SubjectRights = {
  async *export(scope, personId) {
    yield* readSubject(scope, personId);
    for await (const { table, row } of readBreachesOf(scope, personId)) {
      const data = dataWords(scope, { data: row.data, dataMore: null });
      yield { table, row: { ...row, kind: kindWords(scope, row.kind), data } };
    }
  },
  async erase(scope, personId) {
    await emptyBreachesOf(scope, personId);
    await emptySubject(scope, personId);
    return { done: true };
  },
  async merge(scope, from, into) {
    await moveSubject(scope, from, into);
    await moveBreachesOf(scope, from, into);
  },
  // `keep` in plugin.json says five years of an answer and of a closed breach, and no link lives longer than a week.
  forget: (scope) =>
    scope.write(async (own) => {
      const answers = new Date(own.now().getTime() - 5 * 365 * day);
      const gone = await deleteOutdated(own, { links: own.now(), answers });
      return gone + (await forgetKept(own)) + (await forgetBreachPeople(own, answers));
    }),
};
