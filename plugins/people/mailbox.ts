// Mailboxes for other plugins: who asks from there is answered about themself.
import type { Mailboxes } from './index.ts';
import {
  findMailboxHashes,
  findMailboxOwner,
  findMailboxOwners,
  hashMailbox,
  holdMailboxOwner,
} from './mailbox.sql.ts';
import { personOf } from './person.ts';

export const mailboxes: Mailboxes = {
  owners: async (scope, address) => (await findMailboxOwners(scope, address)).map(personOf),
  async owner(scope, personId) {
    const row = await findMailboxOwner(scope, personId);
    return row && personOf(row);
  },
  hold: (scope, personId, how) => holdMailboxOwner(scope, personId, how === 'alone'),
  hashes: findMailboxHashes,
  hashOf: hashMailbox,
};
