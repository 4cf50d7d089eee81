// What people may ask of what e-mail keeps: which first letters went to them.
import type { SubjectRights } from 'rostra/plugin';
import { deleteWelcomedOf, findWelcomedOf, moveWelcomed } from './welcome.sql.ts';

export const subject: SubjectRights = {
  async *export(scope, personId) {
    for (const row of await findWelcomedOf(scope, personId)) yield { table: 'email.welcomed', row };
  },
  async erase(scope, personId) {
    await scope.write((own) => deleteWelcomedOf(own, personId));
    return { done: true };
  },
  merge: (scope, from, into) => scope.write((own) => moveWelcomed(own, from, into)),
};
