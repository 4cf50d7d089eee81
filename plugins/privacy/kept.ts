// The sealed store: filled by erasures, opened with a reason, emptied on the day.
import { dayOf, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { SealedStore } from './index.ts';
import {
  deleteKeptBefore,
  findSealed,
  findSealedAbout,
  insertKept,
  type KeptRow,
} from './kept.sql.ts';

export function makeSealedStore({
  seals,
  mailboxes,
  audit,
}: Pick<Deps, 'seals' | 'mailboxes' | 'audit'>): SealedStore {
  return {
    keep: (scope, { record, personId, ...entry }) =>
      scope.write(async (own) => {
        const addressHashes = await mailboxes.hashes(own, personId);
        const sealed = await seals.seal(own, JSON.stringify(record));
        await insertKept(own, entry, { sealed, addressHashes });
      }),
    read: (scope, { plugin, about, reason }) =>
      scope.write(async (own) => {
        const found = await findSealedAbout(own, plugin, about);
        if (found.length === 0) return [];
        const subject = { type: 'plugin', id: plugin };
        const details = { reason, count: found.length };
        await audit.record(own, { act: 'kept.listed', subject, details });
        return Promise.all(
          found.map(async ({ sealed, ...one }) => ({
            ...one,
            record: JSON.parse(await seals.open(own, sealed)),
          })),
        );
      }),
  };
}

/** Who opened what, and why, is in the record of acts before anything is shown. */
export function openKept(
  scope: Scope,
  deps: Deps,
  id: string,
  reason: string,
): Promise<KeptRow & { record: Record<string, unknown> }> {
  return scope.write(async (own) => {
    const found = await findSealed(own, id);
    if (!found) throw notFound('kept', id);
    const { sealed, ...row } = found;
    const subject = { type: 'kept', id };
    await deps.audit.record(own, { act: 'kept.opened', subject, details: { reason } });
    return { ...row, record: JSON.parse(await deps.seals.open(own, sealed)) };
  });
}

export function forgetKept(scope: Scope): Promise<number> {
  return deleteKeptBefore(scope, dayOf(scope.now(), scope.organization.timeZone));
}
