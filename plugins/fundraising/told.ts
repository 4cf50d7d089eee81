// What a donor told of what the law wants known.
import { type Identity, nameOf } from './identity.ts';

/** Whether the donor told what a word of `money.fields` wants. */
export function isTold(word: string, identity: Identity): boolean {
  const { address } = identity;
  const isPlaced = Boolean(address?.line1 && address.locality && address.country);
  const told: Record<string, boolean> = {
    legal_name: nameOf(identity) !== '',
    name: nameOf(identity) !== '',
    nationality: Boolean(identity.nationality),
    tax_domicile: isPlaced,
    address: isPlaced,
    registered_address: isPlaced,
    municipality: Boolean(address?.locality),
    postal_code: Boolean(address?.postcode),
    occupation: Boolean(identity.occupation),
    employer: Boolean(identity.employer),
    tax_number: Boolean(identity.taxNumber),
    company_number: Boolean(identity.registerNumber),
  };
  // Of the gift itself, not of the donor: amount, date, method, nature.
  return told[word] ?? true;
}
