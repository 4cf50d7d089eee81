// Whether a donor is one who is known by another name or mailbox already. A person decides; nothing is refused for it.
import { notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type Donation, findDonation } from './donation.sql.ts';
import { insertAliases } from './donor.sql.ts';
import type { Identity } from './identity.ts';
import {
  findAliasOwner,
  findLikenesses,
  findNamesakes,
  type Likeness,
  type Namesake,
  raiseLikenesses,
  tellApart,
} from './likeness.sql.ts';
import { demandOffice } from './office.ts';

/** After a gift was accepted: donors of the same name who live in the same place, or were born on the same day. */
export async function compareDonor(scope: Scope, deps: Deps, donationId: string): Promise<void> {
  const donation = await findDonation(scope, donationId);
  const { donorId, identity, donorType } = donation ?? {};
  if (!donation || !donorId || !identity || donorType !== 'natural_person') return;
  const names = spellingsOf(identity);
  if (!isCapped(donation) || names.length === 0) return;
  const { postcode = '', country = '' } = identity.address ?? {};
  const place = { postcode: postcode.replaceAll(' ', '').toLowerCase(), country };
  const namesakes = await findNamesakes(scope, { donorId, names, ...place });
  if (namesakes.length === 0) return;
  const others = await alikeAmong(scope, deps, donation.personId, namesakes);
  await ask(scope, donation, others);
}

/** In the transaction in which money came in: whoever paid with that card or account before may be the same person. */
export async function comparePayer(
  scope: Scope,
  deps: Pick<Deps, 'mailboxes'>,
  donation: Donation,
  payer: string,
): Promise<void> {
  const { donorId } = donation;
  if (!donorId) return;
  const hash = await deps.mailboxes.hashOf(scope, `payer|${payer}`);
  await insertAliases(scope, donorId, [hash]);
  const owner = await findAliasOwner(scope, hash, donorId);
  if (owner) await ask(scope, donation, new Map([[owner, 'payer']]));
}

/** The treasurer looked: nobody is asked about these two again. */
export function tellDonorsApart(
  scope: Scope,
  deps: Pick<Deps, 'audit'>,
  recipientId: string,
  id: string,
): Promise<void> {
  return scope.write(async (own) => {
    await demandOffice(own, recipientId, 'record');
    const [task] = /^[1-9]\d{0,17}$/.test(id) ? await findLikenesses(own, recipientId, { id }) : [];
    const author = own.actor.kind === 'staff' ? own.actor.name : own.actor.kind;
    if (!task || !(await tellApart(own, id, author))) throw notFound('likeness', id);
    const subject = { type: 'recipient', id: recipientId };
    // Each of the two finds it among what was done with their data.
    for (const { personId } of task.donors) {
      await deps.audit.record(own, {
        ...{ act: 'donors.told-apart', subject, details: { question: id, why: task.why } },
        ...(personId && { personId }),
      });
    }
  });
}

async function ask(
  scope: Scope,
  donation: Donation,
  others: ReadonlyMap<string, Likeness>,
): Promise<void> {
  const { recipientId, donorId } = donation;
  if (others.size === 0 || !donorId || !isCapped(donation)) return;
  const { capScope, capMinor } = donation;
  await scope.write((own) =>
    raiseLikenesses(own, { recipientId, donorId, capScope, capMinor, others }),
  );
}

function isCapped<D extends Pick<Donation, 'capScope' | 'capMinor'>>(
  donation: D,
): donation is D & { capScope: string; capMinor: number } {
  return donation.capScope !== undefined && donation.capMinor !== undefined;
}

async function alikeAmong(
  scope: Scope,
  { mailboxes }: Deps,
  personId: string | undefined,
  namesakes: readonly Namesake[],
): Promise<Map<string, Likeness>> {
  const bornOn = async (id: string | undefined) =>
    id ? (await mailboxes.owner(scope, id))?.birthDate : undefined;
  const born = await bornOn(personId);
  const alike = new Map<string, Likeness>();
  for (const { donorId, isNeighbour, ...other } of namesakes) {
    if (isNeighbour) alike.set(donorId, 'address');
    else if (born && (await bornOn(other.personId)) === born) alike.set(donorId, 'birth_date');
  }
  return alike;
}

/**
 * Family name first, as a gift's name is looked up: names may have changed places, and what joins their parts be written in
 * another way. Case and accents are the database's to fold.
 */
export function spellingsOf({ givenName = '', familyName = '' }: Identity): string[] {
  const [given, family] = [joinsOf(givenName), joinsOf(familyName)];
  const pairs = family.flatMap((one) => given.flatMap((two) => [`${one} ${two}`, `${two} ${one}`]));
  return [...new Set(pairs)];
}

/** `Jean-Pierre`, `Jean Pierre`, `JeanPierre`; `d’Arc`, `d'Arc`. */
function joinsOf(name: string): string[] {
  const parts = name.split(/[\s\-'’‐.]+/u).filter(Boolean);
  if (parts.length === 0) return [];
  return [...new Set([name.trim(), ...[' ', '-', '', "'", '’'].map((by) => parts.join(by))])];
}
