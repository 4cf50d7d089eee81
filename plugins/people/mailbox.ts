// Mailboxes for other plugins: who asks from there is answered about themself.
import type { Mailboxes } from './index.ts';
import {
  findMailboxHashes,
  findMailboxOwner,
  findMailboxOwners,
  hashMailbox,
  holdMailboxOwner,
  meetMailbox,
} from './mailbox.sql.ts';
import { personOf } from './person.ts';

export const mailboxes: Mailboxes = {
  owners: async (scope, address) => (await findMailboxOwners(scope, address)).map(personOf),
  async meet(scope, address, mark) {
    const { owners, hash } = await meetMailbox(scope, address, mark);
    return { owners: owners.map(personOf), hash };
  },
  async owner(scope, personId) {
    const row = await findMailboxOwner(scope, personId);
    return row && personOf(row);
  },
  hold: (scope, personId, how) => holdMailboxOwner(scope, personId, how === 'alone'),
  hashes: findMailboxHashes,
  hashOf: hashMailbox,
};
