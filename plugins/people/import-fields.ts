// What a column of somebody else's file can be, and how its header tells: English, French, NationBuilder's own names.
import { type Field, fields } from './csv.ts';

/** Beside our own columns: what other programs' files hold, in the order in which staff choose. */
const otherFields = [
  'fullName',
  ...['email1', 'email2', 'email3', 'email4', 'mobileNumber', 'workNumber'],
  ...['mailLine1', 'mailLine2', 'mailPostcode', 'mailLocality', 'mailRegion', 'mailCountry'],
  ...['membershipStatus', 'membershipLevel', 'membershipExpires'],
  ...['emailOptIn', 'mobileOptIn', 'unsubscribed', 'doNotContact', 'doNotCall'],
  ...['emailBad', 'email1Bad', 'email2Bad', 'email3Bad', 'email4Bad'],
  ...['email1Bouncing', 'email2Bouncing', 'email3Bouncing', 'email4Bouncing'],
  ...['phoneBad', 'mobileBad', 'nationbuilderId'],
] as const;
export type ImportField = Field | (typeof otherFields)[number];
export const importFields: readonly ImportField[] = [...fields, ...otherFields];

/** Said in several columns, each counts. */
const repeatable: ReadonlySet<string> = new Set<ImportField>([
  ...(['tags', 'unsubscribed', 'doNotContact', 'doNotCall', 'phoneBad'] as const),
]);

export function isRepeatable(field: string): boolean {
  return repeatable.has(field);
}

/** Without any of these a row is nobody. */
const naming: ReadonlySet<string> = new Set<ImportField>([
  ...(['givenName', 'familyName', 'fullName', 'emailAddress', 'phoneNumber'] as const),
  ...(['email1', 'email2', 'email3', 'email4', 'mobileNumber', 'workNumber'] as const),
]);

export function namesSomebody(field: string): boolean {
  return naming.has(field);
}

/** Of several columns that could be one field, the name that stands first here wins. */
const aliases: Partial<Record<ImportField, string>> = {
  givenName: `first name, given name, forename, prenom, prenoms, prenom usuel, firstname, fname, vorname`,
  familyName: `last name, family name, surname, nom, nom de famille, nom d usage, nom de naissance, lastname,
    lname, name`,
  fullName: `full name, name full, nom complet, nom et prenom, nom prenom, prenom nom, prenom et nom, contact name,
    display name`,
  emailAddress: `email, e mail, mail, email address, e mail address, primary email, courriel, adresse email,
    adresse e mail, adresse mail, adresse electronique, adresse courriel, contact email, mel, e mail principal,
    email principal, adresse de courriel`,
  email1: 'email1, e mail 1, mail 1, courriel 1, email address 1',
  email2: `email2, e mail 2, mail 2, courriel 2, email address 2, second email, secondary email, other email,
    autre email, autre e mail, email secondaire, e mail secondaire`,
  email3: 'email3, e mail 3, mail 3, courriel 3, email address 3',
  email4: 'email4, e mail 4, mail 4, courriel 4, email address 4',
  phoneNumber: `phone number, phone, telephone, tel, primary phone, home phone, telephone fixe, tel fixe, fixe,
    numero de telephone, n de telephone, num tel, telephone domicile, tel domicile, landline, telephone number,
    numero, phone 1, telephone 1`,
  mobileNumber: `mobile number, mobile, mobile phone, cell, cell phone, cellphone, portable, telephone portable,
    tel portable, telephone mobile, tel mobile, gsm, numero de portable, phone 2, telephone 2`,
  workNumber: `work phone number, work phone, business phone, telephone professionnel, tel pro, tel professionnel,
    telephone bureau`,
  birthDate: `born at, birth date, birthdate, date of birth, dob, born, birthday, date de naissance, naissance,
    ne le, nee le, ne e le, date naissance, ddn`,
  line1: `primary address1, address address1, address, address 1, address line 1, address1, street, street address,
    street and number, line 1, home address1, registered address1, user submitted address1, adresse, adresse 1,
    adresse ligne 1, adresse postale, rue, numero et rue, voie, n et voie, numero et voie`,
  line2: `primary address2, address address2, address 2, address second line, address line 2, address2, line 2,
    home address2, registered address2, user submitted address2, adresse 2, adresse ligne 2, complement,
    complement d adresse, complement adresse, appartement, apartment, apt, unit`,
  postcode: `primary zip, address zip, zip, zip code, zipcode, postcode, post code, postal code, home zip,
    registered zip, user submitted zip, code postal, cp, code postale`,
  locality: `primary city, address city, city, town, locality, home city, registered city, user submitted city,
    ville, commune, localite, municipality`,
  region: `primary state, address state, state, region, home state, registered state, user submitted state,
    primary county, county, province, departement, dept`,
  country: `primary country code, primary country, address country code, address country, country code, country,
    home country code, registered country code, user submitted country code, pays, code pays`,
  mailLine1: `mailing address1, mailing address, billing address1, billing address, adresse de correspondance,
    adresse de facturation`,
  mailLine2: 'mailing address2, billing address2',
  mailPostcode: 'mailing zip, mailing postcode, billing zip, billing postcode',
  mailLocality: 'mailing city, billing city',
  mailRegion: 'mailing state, billing state',
  mailCountry: 'mailing country code, mailing country, billing country code, billing country',
  relation: `relation, relation to the party, relation au parti, lien avec le parti, status, statut,
    type de contact, qualite`,
  tags: `tag list, tags, tag, labels, keywords, etiquettes, etiquette, mots cles, libelles`,
  membershipStatus: `membership status, statut d adhesion, statut adhesion, etat de l adhesion, member, is member,
    adherent, membre, est adherent`,
  membershipLevel: `membership level name, membership names, membership name, membership type, membership level,
    membership, type d adhesion, adhesion, formule d adhesion`,
  membershipExpires: `membership expires at, membership expires on, membership expiration, expires at,
    date d expiration, fin d adhesion, adhesion jusqu au, date de fin d adhesion`,
  emailOptIn: `email opt in, email optin, opt in, optin, accepts email, email consent, newsletter, subscribed,
    accepte les e mails, accepte les emails, abonne, consentement email, consentement e mail, opt in email`,
  mobileOptIn: `mobile opt in, sms opt in, text opt in, sms optin, accepts sms, sms consent, accepte les sms,
    consentement sms`,
  unsubscribed: `unsubscribed, unsubscribed at, unsubscribed on, email opt out, opt out, optout, opted out,
    desabonne, desabonnee, desinscrit, date de desinscription, desinscription, has opted out of email`,
  doNotContact: `do not contact, donotcontact, do not contact at, ne pas contacter, ne plus contacter, opposition,
    liste noire, blacklist, blacklisted, suppressed`,
  doNotCall: `do not call, donotcall, federal donotcall, federal do not call, do not phone, ne pas appeler,
    ne pas telephoner, ne plus appeler, bloctel`,
  emailBad: `email is bad, is email bad, email bad, email invalid, bounced, email bounced, email is bouncing,
    bounce, npai email, email invalide, hard bounce`,
  email1Bad: 'email1 is bad',
  email2Bad: 'email2 is bad',
  email3Bad: 'email3 is bad',
  email4Bad: 'email4 is bad',
  email1Bouncing: 'email1 is bouncing',
  email2Bouncing: 'email2 is bouncing',
  email3Bouncing: 'email3 is bouncing',
  email4Bouncing: 'email4 is bouncing',
  phoneBad: 'is phone bad, phone is bad, phone bad, phone invalid, telephone invalide',
  mobileBad: 'is mobile bad, mobile is bad, mobile bad',
  nationbuilderId: 'nationbuilder id, nb id, nbid',
};

const byAlias = new Map<string, { field: ImportField; rank: number }>(
  importFields.flatMap((field) =>
    (aliases[field] ?? '')
      .split(',')
      .concat(field)
      .map((name, rank) => [squeeze(name), { field, rank }] as const),
  ),
);

/** What each column is likely to be; an empty text where we cannot tell. */
export function guessFields(columns: readonly string[]): string[] {
  const told = columns.map((column) => byAlias.get(squeeze(column)));
  return told.map((one, index) => {
    if (!one) return '';
    const rival = told.findIndex(
      (other, at) =>
        at !== index &&
        other?.field === one.field &&
        (other.rank < one.rank || (other.rank === one.rank && at < index)),
    );
    return rival >= 0 && !isRepeatable(one.field) ? '' : one.field;
  });
}

/** Its people export carries names that no other program has. */
export function isNationBuilder(columns: readonly string[]): boolean {
  const names = new Set(columns.map(squeeze));
  return names.has('nationbuilderid') || (names.has('signuptype') && names.has('taglist'));
}

const nationBuildersDates = new Set(['bornat', 'dob', 'birthdate', 'membershipexpiresat']);

/** Whether the column is one of its own, so written as it writes dates. */
export function isNationBuildersDate(columns: readonly string[], place: number): boolean {
  return isNationBuilder(columns) && nationBuildersDates.has(squeeze(columns[place] ?? ''));
}

/** `E-mail`, `e_mail` and `EMail` are one. */
function squeeze(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[Œœ]/g, 'oe')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}
