// A donor's rights: the copy, erasing what no law wants kept, one person out of two; also while fundraising is off.
import type { Scope, SubjectRights } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { addLength } from './donation.sql.ts';
import { findDonorOf, findExcesses, forgetPerson, moveDonations } from './donor.sql.ts';
import { hashOf } from './donor.ts';
import {
  deleteStalePromises,
  emptyDonations,
  findGivenBy,
  forgetRecruiter,
  type GivenRow,
  moveRecruiter,
  nameDonorAnew,
} from './subject.sql.ts';
import { raiseExcess } from './task.sql.ts';

/** What was typed and never paid. */
const staleDays = 90;

export function makeSubjectRights(deps: Deps): SubjectRights {
  return {
    async *export(scope, personId) {
      for (const { id, ...row } of await findGivenBy(scope, personId)) {
        yield { table: 'fundraising.donation', row: { ...row } };
      }
    },
    async erase(scope, personId) {
      await forgetRecruiter(scope, personId);
      const donorId = await findDonorOf(scope, personId);
      if (!donorId) return { done: true };
      const given = await findGivenBy(scope, personId);
      for (const row of given) await keepByLaw(scope, deps, personId, row);
      const last = given.at(-1);
      const hash = last && (await hashOf(scope, deps, { type: last.donorType, ...last }));
      await emptyDonations(scope, donorId);
      await forgetPerson(scope, donorId, hash);
      return { done: true };
    },
    async merge(scope, from, into) {
      await moveRecruiter(scope, from, into);
      const [lost, kept] = [await findDonorOf(scope, from), await findDonorOf(scope, into)];
      if (!lost) return;
      if (!kept) return nameDonorAnew(scope, lost, into);
      await moveDonations(scope, lost, kept);
      // Two who each gave within the cap are one who passed it: the treasurer sends the rest back.
      for (const excess of await findExcesses(scope, kept)) await raiseExcess(scope, excess);
    },
    forget: (scope) =>
      scope.write((own) => {
        const before = new Date(own.now().getTime() - staleDays * 24 * 3600 * 1000);
        return deleteStalePromises(own, before);
      }),
  };
}

/** What came in stays as long as the law wants it, behind the wall of what is sealed. */
async function keepByLaw(
  scope: Scope,
  deps: Deps,
  personId: string,
  { state, ...row }: GivenRow,
): Promise<void> {
  const { value } = scope.law.rule('retention.donation');
  if (!value || state === 'refused' || state === 'pledged') return;
  const endOfYear = `${row.givenOn.slice(0, 4)}-12-31`;
  await deps.sealedStore.keep(scope, {
    ...{ personId, plugin: 'fundraising', title: 'fundraising.kept', why: 'retention.donation' },
    until: await addLength(scope, endOfYear, value),
    record: { ...row, state },
  });
}
