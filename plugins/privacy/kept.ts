// The sealed store: filled by erasures, opened with a reason, emptied on the day.
import { dayOf, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { SealedStore } from './index.ts';
import { deleteKeptBefore, findSealed, insertKept, type KeptRow } from './kept.sql.ts';

export function makeSealedStore({
  seals,
  mailboxes,
}: Pick<Deps, 'seals' | 'mailboxes'>): SealedStore {
  return {
    keep: (scope, { record, personId, ...entry }) =>
      scope.write(async (own) => {
        const addressHashes = await mailboxes.hashes(own, personId);
        const sealed = await seals.seal(own, JSON.stringify(record));
        await insertKept(own, entry, { sealed, addressHashes });
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
