// The rights of who wrote or was written to: the copy, the erasure, one person out of two; also while text messages are off.
import type { SubjectRights } from 'rostra/plugin';
import {
  eraseMessagesOf,
  findMessagesOf,
  findThreadsOf,
  forgetMessages,
  mergeMessages,
} from './subject.sql.ts';

/** As plugin.json tells it. */
const keptYears = 3;

export const subject: SubjectRights = {
  async *export(scope, personId) {
    for (const row of await findThreadsOf(scope, personId)) yield { table: 'sms.thread', row };
    for (const row of await findMessagesOf(scope, personId)) yield { table: 'sms.message', row };
  },
  async erase(scope, personId) {
    await scope.write((own) => eraseMessagesOf(own, personId));
    return { done: true };
  },
  merge: (scope, from, into) => scope.write((own) => mergeMessages(own, from, into)),
  forget: (scope) =>
    scope.write((own) => {
      const before = own.now();
      before.setUTCFullYear(before.getUTCFullYear() - keptYears);
      return forgetMessages(own, before);
    }),
};
