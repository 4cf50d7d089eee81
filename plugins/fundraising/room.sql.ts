// What takes room under a cap. The database's own judge (`hold_cap`) counts in the same way.

/**
 * Of the donations that stand there as `row`: those that were accepted, and those that are promised. Anybody may promise
 * on a page in the name of somebody of the file: that takes none of their room until money came, and is judged anew then.
 */
export const takesRoom = (row: string): string =>
  `(${row}.state = 'accepted' or (${row}.state = 'pledged' and (${row}.source <> 'page' or not exists (
    select from fundraising.donor known where known.id = ${row}.donor_id and known.person_id is not null))))`;
