// Whether it is said who answers: before that no form is public and no message leaves.
import type { LegalIdentity } from './organization.ts';

const fields: readonly (keyof LegalIdentity)[] = [
  'controller',
  'address',
  'contact',
  'publicationDirector',
  'host',
];

/** What is still to be said. */
export function missingIdentity(legal: LegalIdentity): (keyof LegalIdentity)[] {
  return fields.filter((field) => !legal[field]?.trim());
}

export function isIdentityComplete(legal: LegalIdentity): boolean {
  return missingIdentity(legal).length === 0;
}
