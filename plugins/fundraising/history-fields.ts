// What a column of another program's gifts can be, and how its header tells: English, French, NationBuilder's own names.
import type { Method } from './index.ts';

export const historyFields = [
  ...['amount', 'amountCents', 'givenOn', 'method', 'email', 'givenName', 'familyName', 'fullName'],
  ...['legalName', 'line1', 'postcode', 'locality', 'country', 'employer', 'occupation'],
  ...['reference', 'fund', 'tracking', 'currency', 'externalId', 'stopped'],
] as const;
export type HistoryField = (typeof historyFields)[number];

/** Of several columns that could be one field, the name that stands first here wins. */
const aliases: Record<HistoryField, string> = {
  amount:
    'amount, donation amount, montant, montant du don, don, total, gift amount, sum, somme, montant eur',
  amountCents: 'amount in cents, cents, montant en centimes, centimes',
  givenOn: `succeeded at, date, donation date, date du don, gift date, given on, received on, date de reception,
    date de versement, date du versement, date d encaissement, paid at, payment date, date de paiement, created at, jour`,
  method: `payment type name, payment type, payment method, method, means, moyen de paiement, mode de paiement,
    type de paiement, moyen, mode de reglement, moyen de reglement, reglement`,
  email: `email, e mail, mail, email address, e mail address, courriel, adresse email, adresse e mail, adresse mail,
    adresse electronique, donor email, signup email, mel, email1`,
  givenName:
    'first name, given name, prenom, prenoms, billing first name, donor first name, firstname',
  familyName: `last name, family name, surname, nom, nom de famille, billing last name, donor last name, lastname`,
  fullName: `full name, name, donor, donor name, donateur, nom du donateur, nom complet, nom et prenom, nom prenom,
    prenom nom, signup full name, billing name`,
  legalName:
    'company, company name, organization, organisation, raison sociale, societe, denomination',
  line1: `billing address1, billing address, primary address1, address1, address, address line 1, street, adresse,
    adresse 1, rue, numero et rue, adresse postale, billing address address1`,
  postcode:
    'billing zip, primary zip, zip, zip code, postcode, postal code, code postal, cp, billing address zip',
  locality:
    'billing city, primary city, city, town, ville, commune, localite, billing address city',
  country: `billing country code, primary country code, country code, country, pays, code pays, billing country,
    billing address country code`,
  employer: 'employer, employeur',
  occupation: 'occupation, profession, metier, job',
  reference: `check number, cheque number, numero de cheque, n de cheque, reference, transaction id, bank reference,
    reference bancaire, note, notes, remarque, commentaire, comment`,
  fund: 'fund, fonds, affectation, designation, campagne',
  tracking: `tracking code slug, tracking code, tracking code name, code de suivi, source, origine`,
  currency: 'currency, devise, monnaie, amount currency',
  externalId: `nationbuilder donation id, donation id, id, identifiant, external id, id du don, numero du don,
    transaction, order id, actblue order number`,
  stopped: `failed at, canceled at, cancelled at, refunded at, echec le, annule le, rembourse le`,
};

const byAlias = new Map(
  Object.entries(aliases).flatMap(([field, names]) =>
    names.split(',').map((name, rank) => [folded(name), { field, rank }] as const),
  ),
);

/** A field for each column, an empty text where none fits. */
export function guessHistoryFields(columns: readonly string[]): string[] {
  const told = columns.map((column) => byAlias.get(folded(column)));
  return told.map((one, index) => {
    if (!one) return '';
    if (one.field === 'stopped') return one.field;
    const isBeaten = told.some(
      (other, at) =>
        other?.field === one.field &&
        (other.rank < one.rank || (other.rank === one.rank && at < index)),
    );
    return isBeaten ? '' : one.field;
  });
}

const wordsOf: Record<Method | 'in_kind', string> = {
  card: `card, credit card, debit card, carte, carte bancaire, carte de credit, cb, online, en ligne, stripe, paypal,
    visa, mastercard, american express, amex, apple pay, google pay`,
  direct_debit: 'direct debit, prelevement, prelevement sepa, sepa, sepa direct debit, ach, eft',
  transfer: 'transfer, bank transfer, wire, wire transfer, virement, virement bancaire, vir',
  cheque: 'cheque, check, cheques, chq, money order, mandat',
  cash: 'cash, especes, espece, liquide, numeraire',
  in_kind: 'in kind, en nature, don en nature',
};
const methodOf = new Map(
  Object.entries(wordsOf).flatMap(([method, words]) =>
    words.split(',').map((word) => [folded(word), method as Method | 'in_kind'] as const),
  ),
);

export function readMethod(typed: string): Method | 'in_kind' | undefined {
  return methodOf.get(folded(typed));
}

/** Small letters without accents, words apart by one space. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
