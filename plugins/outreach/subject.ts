// A recipient's rights: the copy, the erasure, one person out of two; also while outreach is off.
import type { SubjectRights } from 'rostra/plugin';
import { daysBefore, keptDays } from './counted.ts';
import {
  eraseReceived,
  findReadings,
  findReceived,
  forgetReadings,
  forgetReceived,
  mergeReceived,
} from './subject.sql.ts';

/** As plugin.json tells it: as long as somebody may ask why they were written to. */
const keptYears = 3;

export const subject: SubjectRights = {
  async *export(scope, personId) {
    for (const row of await findReceived(scope, personId)) {
      yield { table: 'outreach.recipient', row };
    }
    for (const row of await findReadings(scope, personId)) {
      yield { table: 'outreach.reading', row };
    }
  },
  async erase(scope, personId) {
    await scope.write((own) => eraseReceived(own, personId));
    return { done: true };
  },
  merge: (scope, from, into) => scope.write((own) => mergeReceived(own, from, into)),
  forget: (scope) =>
    scope.write(async (own) => {
      const before = own.now();
      before.setUTCFullYear(before.getUTCFullYear() - keptYears);
      const readings = await forgetReadings(own, daysBefore(own, keptDays));
      return readings + (await forgetReceived(own, before));
    }),
};
