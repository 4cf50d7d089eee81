// What people may ask of what e-mail keeps: which first letters went to them, what they answered and what was written back.
import type { SubjectRights } from 'rostra/plugin';
import {
  deleteAnswersOf,
  findAnswersOf,
  findRepliesTo,
  forgetAnswers,
  moveAnswers,
} from './answer-subject.sql.ts';
import type { Deps } from './deps.ts';
import { deleteWelcomedOf, findWelcomedOf, moveWelcomed } from './welcome.sql.ts';

/** As plugin.json tells it. */
const keptYears = 3;

export const makeSubject = ({ people }: Pick<Deps, 'people'>): SubjectRights => ({
  async *export(scope, personId) {
    for (const row of await findWelcomedOf(scope, personId)) yield { table: 'email.welcomed', row };
    for (const row of await findAnswersOf(scope, personId)) yield { table: 'email.answer', row };
    for (const row of await findRepliesTo(scope, personId)) yield { table: 'email.reply', row };
  },
  async erase(scope, personId) {
    // People's own rights come after those of who requires them: the addresses are still there.
    const { emailAddresses = [] } = (await people.find(scope, personId)) ?? {};
    await scope.write(async (own) => {
      await deleteWelcomedOf(own, personId);
      await deleteAnswersOf(own, personId, emailAddresses);
    });
    return { done: true };
  },
  merge: (scope, from, into) =>
    scope.write(async (own) => {
      await moveWelcomed(own, from, into);
      await moveAnswers(own, from, into);
    }),
  forget: (scope) =>
    scope.write((own) => {
      const before = own.now();
      before.setUTCFullYear(before.getUTCFullYear() - keptYears);
      return forgetAnswers(own, before);
    }),
});
