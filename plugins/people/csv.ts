// Our CSV: what a spreadsheet would run as a formula is marked on the way out and unmarked on the way in.

/** A cell that begins so is a formula to a spreadsheet (or is already marked): OWASP, CSV injection. */
const dangerous = /^['=+\-@\t\r]/;

export function toCell(value: string): string {
  return dangerous.test(value) ? `'${value}` : value;
}

/** Undoes `toCell`, and leaves alone what only looks like it. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") && dangerous.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** Where commas stand in numbers, spreadsheets read semicolons. */
export function delimiterFor(locale: string): ',' | ';' {
  return locale.startsWith('en') ? ',' : ';';
}

/** What a file can say of a person: our own columns, in the order in which we write them. */
export const fields = [
  'givenName',
  'familyName',
  'emailAddress',
  'phoneNumber',
  'birthDate',
  'line1',
  'line2',
  'postcode',
  'locality',
  'region',
  'country',
  'relation',
  'tags',
] as const;
export type Field = (typeof fields)[number];

/** Plain headers of other programs' files, folded; ours and their translations come beside. */
const aliases: Record<Field, string[]> = {
  givenName: ['given name', 'first name', 'firstname', 'prenom', 'forename'],
  familyName: ['family name', 'last name', 'lastname', 'surname', 'nom', 'nom de famille', 'name'],
  emailAddress: [
    'email',
    'e mail',
    'mail',
    'email address',
    'e mail address',
    'courriel',
    'adresse email',
    'adresse e mail',
    'adresse mail',
  ],
  phoneNumber: [
    'phone',
    'phone number',
    'telephone',
    'tel',
    'mobile',
    'mobile number',
    'portable',
    'numero de telephone',
  ],
  birthDate: [
    'birth date',
    'birthdate',
    'date of birth',
    'born',
    'birthday',
    'date de naissance',
    'naissance',
    'ne le',
  ],
  line1: [
    'address',
    'street',
    'street and number',
    'numero et rue',
    'address 1',
    'address line 1',
    'line 1',
    'adresse',
    'rue',
    'adresse 1',
  ],
  line2: [
    'address 2',
    'address second line',
    'address line 2',
    'line 2',
    'adresse 2',
    'complement',
    'complement d adresse',
  ],
  postcode: ['postcode', 'postal code', 'zip', 'zip code', 'code postal', 'cp'],
  locality: ['city', 'town', 'locality', 'ville', 'commune', 'localite'],
  region: ['region', 'state', 'county', 'province', 'departement'],
  country: ['country', 'country code', 'pays'],
  relation: [
    'relation',
    'relation to the party',
    'relation au parti',
    'lien avec le parti',
    'status',
    'statut',
  ],
  tags: ['tags', 'tag', 'labels', 'etiquettes', 'mots cles'],
};

const byAlias = new Map<string, Field>(
  fields.flatMap((field) => [field, ...aliases[field]].map((name) => [fold(name), field] as const)),
);

/** What each column is likely to be; an empty text where we cannot tell, and never one field twice. */
export function guessFields(columns: readonly string[]): string[] {
  const taken = new Set<Field>();
  return columns.map((column) => {
    const field = byAlias.get(fold(column));
    if (!field || taken.has(field)) return '';
    taken.add(field);
    return field;
  });
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
