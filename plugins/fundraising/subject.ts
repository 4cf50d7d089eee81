// A donor's rights: the copy, erasing what no law wants kept, one person out of two; also while fundraising is off.
import type { Scope, SubjectRights } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { addLength } from './donation.sql.ts';
import {
  findDonorOf,
  findExcesses,
  forgetPerson,
  insertAliases,
  moveDonations,
} from './donor.sql.ts';
import { hashOf } from './donor.ts';
import { deleteOldHistories } from './history.sql.ts';
import { deleteRowsOf, findRowsOf, type Sought } from './history-row.sql.ts';
import { findLikenessesOf } from './likeness.sql.ts';
import { sealedWordOf } from './lists/sealed.ts';
import manifest from './plugin.json' with { type: 'json' };
import { findPapersOf } from './receipt.sql.ts';
import {
  deleteOutlived,
  deleteStalePromises,
  emptyDonations,
  findGivenBy,
  findScansOf,
  forgetRecruiter,
  type GivenRow,
  moveRecruiter,
  nameDonorAnew,
  takeScan,
} from './subject.sql.ts';
import { raiseExcess } from './task.sql.ts';

const kept = manifest.dataPractices[0]?.keep ?? '';

/** What was typed and never paid. */
const staleDays = 90;
/** Files of gifts from before, with the rows that were refused. */
const fileDays = 30;

export function makeSubjectRights(deps: Deps): SubjectRights {
  return {
    async *export(scope, personId) {
      for (const { id, ...row } of await findGivenBy(scope, personId)) {
        yield { table: 'fundraising.donation', row: { ...row } };
      }
      for (const paper of await findPapersOf(scope, personId)) {
        yield { table: 'fundraising.receipt', row: { ...paper } };
      }
      for (const { name, type, givenOn } of await findScansOf(scope, personId)) {
        yield { table: 'fundraising.evidence', row: { name, type, givenOn } };
      }
      for (const row of await findLikenessesOf(scope, personId)) {
        yield { table: 'fundraising.likeness', row };
      }
      for (const row of await rowsOf(scope, deps, personId)) {
        yield { table: 'fundraising.history_row', row };
      }
    },
    async erase(scope, personId) {
      await forgetRecruiter(scope, personId);
      const sought = await soughtOf(scope, deps, personId);
      if (sought) await deleteRowsOf(scope, sought);
      const donorId = await findDonorOf(scope, personId);
      if (!donorId) return { done: true };
      const given = await findGivenBy(scope, personId);
      for (const row of given) await keepByLaw(scope, deps, personId, row);
      for (const scan of await findScansOf(scope, personId)) {
        await keepScan(scope, deps, personId, scan);
      }
      const hashes: Buffer[] = [];
      for (const { donorType, identity } of given) {
        hashes.push(await hashOf(scope, deps, { type: donorType, identity }));
      }
      await emptyDonations(scope, donorId);
      await insertAliases(scope, donorId, hashes);
      await forgetPerson(scope, donorId);
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
      scope.write(async (own) => {
        const before = new Date(own.now().getTime() - staleDays * 24 * 3600 * 1000);
        const value = own.law.rule('retention.donation').value ?? kept;
        const old = await deleteOutlived(own, value);
        const monthAgo = new Date(own.now().getTime() - fileDays * 24 * 3600 * 1000);
        const files = await deleteOldHistories(own, monthAgo);
        return old + files + (await deleteStalePromises(own, before));
      }),
  };
}

/** A scan is evidence: it goes where only a reason opens it. */
async function keepScan(
  scope: Scope,
  deps: Deps,
  personId: string,
  { id, name, type, givenOn }: Awaited<ReturnType<typeof findScansOf>>[number],
): Promise<void> {
  const content = await takeScan(scope, id);
  const until = await untilOf(scope, givenOn);
  await deps.sealedStore.keep(scope, {
    ...{ personId, plugin: 'fundraising', title: 'fundraising.kept', why: 'retention.donation' },
    ...{ until, record: { name, type, content: content.toString('base64') } },
  });
}

/** Years of the law are counted from the end of the year. */
async function untilOf(scope: Scope, givenOn: string): Promise<string> {
  // Where no law known here sets a length, what the plugin tells everybody it keeps.
  const value = scope.law.rule('retention.donation').value ?? kept;
  return addLength(scope, `${givenOn.slice(0, 4)}-12-31`, value);
}

/** What came in stays as long as the law wants it, behind the wall of what is sealed. */
async function keepByLaw(
  scope: Scope,
  deps: Deps,
  personId: string,
  { state, ...row }: GivenRow,
): Promise<void> {
  const until = await untilOf(scope, row.givenOn);
  // The money of one that is promised may come any moment.
  if (state === 'refused') return;
  await deps.sealedStore.keep(scope, {
    ...{ personId, plugin: 'fundraising', title: 'fundraising.kept', why: 'retention.donation' },
    ...{ until, record: { ...row, state }, about: sealedWordOf(row.id) },
  });
}

/** A file that was not read yet is known to name somebody by their address, or by both their names. */
async function soughtOf(scope: Scope, deps: Deps, personId: string): Promise<Sought | undefined> {
  const person = await deps.mailboxes.owner(scope, personId);
  if (!person) return undefined;
  const { emailAddresses, givenName = '', familyName = '' } = person;
  return { addresses: emailAddresses.map((one) => one.toLowerCase()), givenName, familyName };
}

async function rowsOf(scope: Scope, deps: Deps, personId: string) {
  const sought = await soughtOf(scope, deps, personId);
  const rows = sought ? await findRowsOf(scope, sought) : [];
  return rows.map(({ line, cells }) => ({ line, cells }));
}
