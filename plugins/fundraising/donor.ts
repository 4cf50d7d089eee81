// Whose gift it is: one person, whatever address they give from, or a body; so that caps add up.
import type { Person } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  findDonorOf,
  lockHashedDonor,
  lockPersonDonor,
  moveDonations,
  nameDonor,
  sumTaken,
} from './donor.sql.ts';
import { type Identity, nameOf } from './identity.ts';

export interface Giver {
  type: string;
  /** When staff chose the person. */
  personId?: string | undefined;
  identity: Identity;
}

/** A donor who is locked, and whose mailbox it is that they gave as theirs. */
export interface LockedDonor {
  id: string;
  personId: string | undefined;
  /** Made just now: nothing was given before. */
  isNew?: boolean;
  /** Somebody of the file who has that mailbox and name, and was not yet when the gift was promised. */
  owner?: string | undefined;
  isMailboxTaken: boolean;
}

/** A donor, and the person of the file that it is. */
export type Whose = Pick<LockedDonor, 'id' | 'personId'>;

/** In the caller's transaction; nobody else judges a gift of this donor until it ends. */
export async function lockDonor(
  scope: Scope,
  deps: Deps,
  giver: Giver,
): Promise<LockedDonor & { type: string }> {
  if (giver.personId) {
    return { ...(await lockPersonDonor(scope, giver.personId)), isMailboxTaken: false };
  }
  const { owners, hash } = await meet(scope, deps, giver);
  const personId = amongOwners(owners, giver);
  const donor = personId
    ? await lockPersonDonor(scope, personId)
    : await lockHashedDonor(scope, { type: giver.type, identityHash: hash });
  return { ...donor, isMailboxTaken: owners.length > 0 };
}

/** Of a gift that was promised before: by now somebody of the file may have that mailbox. */
export async function meetAgain(
  scope: Scope,
  deps: Deps,
  giver: Giver,
  donorId: string | undefined,
): Promise<LockedDonor | undefined> {
  if (!donorId) return undefined;
  const { personId } = giver;
  const owners = personId ? [] : await ownersOf(scope, deps, giver);
  const isMailboxTaken = owners.length > 0;
  return { id: donorId, personId, owner: amongOwners(owners, giver), isMailboxTaken };
}

/** Who gave, as far as is known, and nothing is kept: the id of the donor, else a keyed hash. */
export async function findDonor(scope: Scope, deps: Deps, giver: Giver): Promise<string> {
  const personId = giver.personId ?? amongOwners(await ownersOf(scope, deps, giver), giver);
  const known = personId && (await findDonorOf(scope, personId));
  return known || (await hashOf(scope, deps, giver)).toString('hex');
}

/**
 * Once money came in: the donor is a person of the file. Nothing of one who was there already is changed. Answers whose gift
 * it is by then.
 */
export async function makePerson(
  scope: Scope,
  deps: Deps,
  { type, identity }: Giver,
  donor: LockedDonor,
): Promise<Whose> {
  // Who was erased while the money was on its way stays known by the hash alone.
  const isErased = nameOf(identity) === '';
  if (type !== 'natural_person' || donor.personId || isErased) return donor;
  const personId = donor.owner ?? (await enterPerson(scope, deps, identity, donor.isMailboxTaken));
  if (await nameDonor(scope, donor.id, personId)) return { id: donor.id, personId };
  const other = await findDonorOf(scope, personId);
  // Named meanwhile by another gift of the same donor.
  if (!other || other === donor.id) return donor;
  await moveDonations(scope, donor.id, other);
  return { id: other, personId };
}

async function enterPerson(
  scope: Scope,
  deps: Deps,
  identity: Identity,
  isMailboxTaken: boolean,
): Promise<string> {
  const { givenName, familyName, phoneNumber, address } = identity;
  // A mailbox is one person's: of two who share it, the other is known by name and hash.
  const emailAddress = isMailboxTaken ? undefined : identity.emailAddress;
  const given = { givenName, familyName, emailAddress, phoneNumber, postalAddress: address };
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  const { id } = await deps.people.upsert(scope, { ...fields, source: 'fundraising.donation' });
  return id;
}

/** Those who have the mailbox, and the hash by which the donor is known until then. */
async function meet(
  scope: Scope,
  deps: Deps,
  giver: Giver,
): Promise<{ owners: readonly Person[]; hash: Buffer }> {
  const { emailAddress } = giver.identity;
  return giver.type === 'natural_person' && emailAddress
    ? deps.mailboxes.meet(scope, emailAddress, markOf(giver))
    : { owners: [], hash: await hashOf(scope, deps, giver) };
}

async function ownersOf(scope: Scope, deps: Deps, { type, identity }: Giver): Promise<Person[]> {
  if (type !== 'natural_person' || !identity.emailAddress) return [];
  return deps.mailboxes.owners(scope, identity.emailAddress);
}

/** Two may share a mailbox: the name tells which of them it is, or that it is a third. */
function amongOwners(owners: readonly Person[], { identity }: Giver): string | undefined {
  const name = folded(nameOf(identity));
  const named = owners.find((one) => folded(nameOf(one)) === name);
  const nameless = owners.length === 1 && owners.find((one) => nameOf(one) === '');
  return (named ?? (nameless || undefined))?.id;
}

/** What is still free under a gift's cap; without end where there is none. The donor is locked. */
export async function roomOf(
  scope: Scope,
  gift: {
    donorId: string | undefined;
    capScope: string | undefined;
    capMinor: number | undefined;
  },
): Promise<number> {
  const { donorId, capScope, capMinor } = gift;
  if (!donorId || !capScope || capMinor === undefined) return Number.POSITIVE_INFINITY;
  return capMinor - (await sumTaken(scope, donorId, capScope));
}

export function hashOf(scope: Scope, deps: Pick<Deps, 'mailboxes'>, giver: Giver): Promise<Buffer> {
  return deps.mailboxes.hashOf(scope, markOf(giver));
}

function markOf({ type, identity }: Giver): string {
  const { emailAddress, registerNumber, address } = identity;
  const mark = emailAddress ?? registerNumber ?? address?.postcode ?? '';
  return [type, folded(nameOf(identity)), mark].join('|');
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
