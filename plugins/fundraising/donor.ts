// Whose gift it is: one person, whatever address they give from, or a body; so that caps add up.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  findDonorByHash,
  findDonorOf,
  moveDonations,
  nameDonor,
  upsertPersonDonor,
  upsertStranger,
} from './donor.sql.ts';
import { type Identity, nameOf } from './identity.ts';

export interface Giver {
  type: string;
  /** When staff chose the person. */
  personId?: string | undefined;
  identity: Identity;
}

/** In the caller's transaction; nobody else judges a gift of this donor until it ends. */
export async function lockDonor(scope: Scope, deps: Deps, giver: Giver): Promise<string> {
  const personId = giver.personId ?? (await findPersonOf(scope, deps, giver));
  if (personId) return upsertPersonDonor(scope, personId);
  const identityHash = await hashOf(scope, deps, giver);
  // Somebody who was erased and gives again, or who gave before from a mailbox that nobody of the file has.
  const known = await findDonorByHash(scope, identityHash);
  return known?.id ?? upsertStranger(scope, { type: giver.type, identityHash });
}

/** Once money came in: the donor is a person of the file. Nothing of one who was there already is changed. */
export async function makePerson(
  scope: Scope,
  deps: Deps,
  donorId: string,
  giver: Giver,
): Promise<string | undefined> {
  if (giver.type !== 'natural_person') return undefined;
  const known = giver.personId ?? (await findPersonOf(scope, deps, giver));
  const personId = known ?? (await enterPerson(scope, deps, giver.identity));
  if (await nameDonor(scope, donorId, personId)) return donorId;
  const other = await findDonorOf(scope, personId);
  if (!other || other === donorId) return donorId;
  await moveDonations(scope, donorId, other);
  return other;
}

async function enterPerson(scope: Scope, deps: Deps, identity: Identity): Promise<string> {
  const { givenName, familyName, phoneNumber, address } = identity;
  // A mailbox is one person's: of two who share it, the other is known by name and hash.
  const isTaken =
    identity.emailAddress !== undefined &&
    (await deps.mailboxes.owners(scope, identity.emailAddress)).length > 0;
  const emailAddress = isTaken ? undefined : identity.emailAddress;
  const given = { givenName, familyName, emailAddress, phoneNumber, postalAddress: address };
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  const { id } = await deps.people.upsert(scope, { ...fields, source: 'fundraising.donation' });
  return id;
}

/** Two may share a mailbox: the name tells which of them it is, or that it is a third. */
async function findPersonOf(
  scope: Scope,
  deps: Deps,
  { type, identity }: Giver,
): Promise<string | undefined> {
  if (type !== 'natural_person' || !identity.emailAddress) return undefined;
  const owners = await deps.mailboxes.owners(scope, identity.emailAddress);
  const name = folded(nameOf(identity));
  const named = owners.find((one) => folded(nameOf(one)) === name);
  const nameless = owners.length === 1 && owners.find((one) => nameOf(one) === '');
  return (named ?? (nameless || undefined))?.id;
}

export function hashOf(
  scope: Scope,
  deps: Pick<Deps, 'mailboxes'>,
  { type, identity }: Giver,
): Promise<Buffer> {
  const { emailAddress, registerNumber, address } = identity;
  const mark = emailAddress ?? registerNumber ?? address?.postcode ?? '';
  return deps.mailboxes.hashOf(scope, [type, folded(nameOf(identity)), mark].join('|'));
}

/** As two spellings of one name are compared: no case, no accents, no signs between. */
function folded(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
