// What is asked of a gift: the fields, criteria and declarations that the recipient's law wants, and the answers as an offer.
import {
  countryName,
  type Fault,
  type Scope,
  type Static,
  type TSchema,
  Type,
} from 'rostra/plugin';
import type { Identity } from './identity.ts';
import { readMoney } from './money.ts';
import { type Given, type Offer, pathOfField, type Till, wantedFields } from './till.ts';

export interface Choice {
  value: string;
  label: string;
}
export interface Questions {
  /** Kinds of donors that the law lets give. */
  donorTypes: Choice[];
  /** One of each list must hold; here all of them. */
  qualities: Choice[];
  /** What keeps somebody from giving. */
  excluded: Choice[];
  declarations: Choice[];
  /** Names of the form's fields that the law wants of a gift of any size, and others only of a larger one. */
  wanted: string[];
  wantedLater: string[];
}

const words = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

const giftFields = {
  amount: Type.String({ minLength: 1, maxLength: 30 }),
  method: Type.String({ pattern: '^[a-z_]{2,30}$' }),
  donorType: Type.Optional(Type.String({ pattern: '^[a-z_]{2,40}$' })),
  qualities: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
  excluded: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
  legalName: words(200),
  civility: words(20),
  givenName: words(100),
  familyName: words(100),
  email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
  phone: words(40),
  nationality: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  line1: words(200),
  line2: words(200),
  postcode: words(20),
  locality: words(100),
  region: words(100),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  occupation: words(100),
  employer: words(100),
  registerNumber: words(60),
  taxNumber: words(60),
  mandate: words(100),
};
/** With the boxes of these declarations, and fields of the caller's own. */
export function giftFormOf<More extends Record<string, TSchema>>(
  declarations: readonly Choice[],
  more: More,
) {
  // Which declarations there are is the law's to say, so the type tells nothing of their boxes.
  const boxes: object = Object.fromEntries(
    declarations.map(({ value }) => [`attest-${value}`, Type.Optional(Type.Boolean())]),
  );
  return Type.Object({ ...giftFields, ...more, ...boxes });
}
const GiftFields = Type.Object(giftFields);
export type GiftAnswers = Static<typeof GiftFields>;

/** For the least gift there is, and for one without end. */
export function questionsOf(scope: Scope, till: Till): Questions {
  const { donors, attest } = till;
  const asked = (amountMinor: number) =>
    wantedFields(till, { amountMinor, donorType: 'company' }, nothing)
      .map((word) => pathOfField[word])
      .filter((path) => path !== undefined);
  const wanted = asked(1);
  return {
    donorTypes: (donors.value?.types ?? []).map((value) => ({
      ...{ value, label: scope.t(`fundraising.donor.${value}`) },
    })),
    qualities: [...new Set(donors.value?.anyOf.flat())].map((value) => ({
      ...{ value, label: qualityIn(scope, value) },
    })),
    excluded: (donors.value?.never ?? []).map((value) => ({
      ...{ value, label: scope.t(`fundraising.excluded.${value}`) },
    })),
    declarations: (attest.value ?? []).map((value) => ({
      ...{ value, label: scope.t(`fundraising.attest.${value}`) },
    })),
    wanted,
    wantedLater: asked(Number.MAX_SAFE_INTEGER).filter((path) => !wanted.includes(path)),
  };
}
export const nothing: Given = { yearMinor: 0, cashMinor: 0 };

/** The answers as an offer; or what is wrong with the amount. `donorType`: where the form may not say it. */
export function offerIn(
  { recipient, donors }: Till,
  answers: GiftAnswers,
  more: { givenOn: string; isAnonymous?: boolean; donorType?: string },
): { offer: Offer; fault?: undefined } | { offer?: undefined; fault: Fault } {
  const amountMinor = readMoney(answers.amount, recipient.currency);
  if (amountMinor === undefined) {
    return { fault: { path: '/amount', message: 'fundraising.fault.amount' } };
  }
  const attested = attestedIn(answers);
  const offer: Offer = {
    amountMinor,
    method: answers.method,
    givenOn: more.givenOn,
    donorType: more.donorType ?? answers.donorType ?? 'natural_person',
    qualities: [
      ...(answers.qualities ?? []),
      ...provenBy(answers),
      ...(donors.value?.anyOf ?? []).filter((clause) => declares(attested, clause)).flat(),
    ],
    excluded: answers.excluded ?? [],
    // Of who is not named nothing is kept: no copy and no erasure would find it.
    identity: more.isAnonymous ? {} : identityOf(answers),
    attested,
    isAnonymous: more.isAnonymous ?? false,
  };
  return { offer };
}

/** Who declares to be `citizen_or_permanent_resident` has said that one of the two holds. */
export function declares(words: readonly string[], clause: readonly string[]): boolean {
  return words.includes(clause.join('_or_'));
}

export function attestedIn(answers: object): string[] {
  return Object.entries(answers)
    .filter(([name, value]) => name.startsWith('attest-') && value === true)
    .map(([name]) => name.slice('attest-'.length));
}

/** A French passport and a French address say so by themselves. */
function provenBy({ nationality, country }: GiftAnswers): string[] {
  return [
    ...(nationality ? [`nationality:${nationality}`] : []),
    ...(country ? [`residence:${country}`] : []),
  ];
}

function identityOf(answers: GiftAnswers): Identity {
  const { email, phone, line1, line2, postcode, locality, region, country, ...rest } = answers;
  const address = filled({ line1, line2, postcode, locality, region, country });
  const { legalName, civility, givenName, familyName, nationality } = rest;
  const { occupation, employer, registerNumber, taxNumber, mandate } = rest;
  return filled({
    ...{ legalName, civility, givenName, familyName, nationality, occupation, employer },
    ...{ registerNumber, taxNumber, mandate, emailAddress: email, phoneNumber: phone },
    address: Object.keys(address).length > 0 ? address : undefined,
  });
}

function filled<Shape extends Record<string, unknown>>(
  shape: Shape,
): { [K in keyof Shape]?: Exclude<Shape[K], undefined> } {
  const kept = Object.entries(shape).map(([key, value]) => [
    key,
    typeof value === 'string' ? value.trim() || undefined : value,
  ]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

/** `residence:FR`: lives in France. */
function qualityIn(scope: Scope, quality: string): string {
  const { word, country } = qualityOf(scope, quality);
  return scope.t(`fundraising.quality.${word}`, { country });
}

/** The parts of `residence:FR`; the country by its name, as the reader calls it. */
export function qualityOf(
  { locale }: Scope,
  quality: string,
): { word: string; place: string; country: string } {
  const [word = '', place = ''] = quality.split(':');
  // Quebec is no country of the world's list, and has a law of its own.
  const country = place === 'QC' ? 'Québec' : place && countryName(place, locale);
  return { word, place, country };
}
