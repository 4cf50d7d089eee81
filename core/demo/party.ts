// What the core invents of a party: its chapters, who works there, who answers for it.
import type { Role } from '../accounts/roles.ts';
import type { LegalIdentity } from '../organizations/organization.ts';

export interface InventedParty {
  locale: 'en' | 'fr';
  name: string;
  legal: Required<LegalIdentity>;
  /** Its name, and the place that it stands for: a département, a state. */
  chapters: readonly { name: string; place: string }[];
  /** Who works there; `at` is the place of their chapter, the party's if left out. */
  staff: readonly { name: string; role: Role; at?: string }[];
}

/** All addresses are of domains that RFC 2606 keeps for examples; the telephone numbers are of those kept for fiction. */
export const inventedParties: Readonly<Record<string, InventedParty>> = {
  fr: {
    locale: 'fr',
    name: 'Parti Pirouette',
    legal: {
      controller: 'Parti Pirouette (parti inventé)',
      address: '12 rue de la République, 69002 Lyon',
      contact: 'donnees@example.org',
      publicationDirector: 'Hélène Vasseur-Morin',
      host: 'Hébergeur inventé, 4 quai du Port, 13002 Marseille, 01 99 00 12 34',
    },
    chapters: [
      { name: 'Lyon et le Rhône', place: '69' },
      { name: 'Lille et le Nord', place: '59' },
      { name: 'Nantes et la Loire-Atlantique', place: '44' },
    ],
    staff: [
      { name: 'Hélène Vasseur-Morin', role: 'administrator' },
      { name: 'Élie Nguyen', role: 'data-protection' },
      { name: 'Maëlle Le Goff', role: 'treasurer' },
      { name: 'Inès Benali', role: 'web-editor' },
      { name: 'Jérôme Lefèvre', role: 'organiser', at: '69' },
      { name: 'Chloé D’Hondt', role: 'organiser', at: '59' },
      { name: 'Yann Kerguelen', role: 'organiser', at: '44' },
      { name: 'Anaïs Traoré', role: 'chapter-volunteer', at: '69' },
    ],
  },
  us: {
    locale: 'en',
    name: 'Pirouette Party',
    legal: {
      controller: 'Pirouette Party (an invented party)',
      address: '1200 High Street, Columbus, OH 43201',
      contact: 'privacy@example.org',
      publicationDirector: 'Marguerite O’Neill',
      host: 'An invented host, 40 Harbor Road, Savannah, GA 31401, +1 912 555 0140',
    },
    chapters: [
      { name: 'Ohio', place: 'OH' },
      { name: 'Georgia', place: 'GA' },
      { name: 'Arizona', place: 'AZ' },
    ],
    staff: [
      { name: 'Marguerite O’Neill', role: 'administrator' },
      { name: 'Theodore Okafor', role: 'data-protection' },
      { name: 'Luz Hernández-Reyes', role: 'treasurer' },
      { name: 'Priya Raman', role: 'web-editor' },
      { name: 'Walter Kowalski', role: 'organiser', at: 'OH' },
      { name: 'Denise Baptiste', role: 'organiser', at: 'GA' },
      { name: 'Ramón Tsosie', role: 'organiser', at: 'AZ' },
      { name: 'June Lindqvist', role: 'chapter-volunteer', at: 'OH' },
    ],
  },
};

/** `Chloé D’Hondt` is `chloe.d.hondt@example.org`. */
export function addressOfStaff(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return `${plain.replace(/[^a-z]+/g, '.')}@example.org`;
}
