// Who a donor is, as the law of the recipient wants it known at the time of the gift.
import { countryName, isCountry, type Scope } from 'rostra/plugin';

export interface Identity {
  /** Of a body. */
  legalName?: string;
  givenName?: string;
  familyName?: string;
  /** `M`, `Mme`, `Mx`: only where a list of the authorities asks for it. */
  civility?: string;
  emailAddress?: string;
  phoneNumber?: string;
  /** BCP 47: in which language they gave, and are answered. */
  locale?: string;
  /** ISO 3166-1. */
  nationality?: string;
  /** Of a French donor: the tax domicile. */
  address?: IdentityAddress;
  occupation?: string;
  employer?: string;
  /** Of a body. */
  registerNumber?: string;
  taxNumber?: string;
  /** Of an elected member, whose dues are listed apart. */
  mandate?: string;
}
export interface IdentityAddress {
  line1?: string;
  line2?: string;
  postcode?: string;
  locality?: string;
  region?: string;
  /** ISO 3166-1. */
  country?: string;
}

/** The countries that stand in it, by their names for the reader. */
export function countriesIn(
  { locale }: Scope,
  { nationality, address }: Identity,
): Record<string, string> {
  const codes = [nationality, address?.country].filter((code) => code !== undefined);
  return Object.fromEntries(
    codes.map((code) => [code, isCountry(code) ? countryName(code, locale) : code]),
  );
}

/** As it stands on a list or a receipt. */
export function nameOf({
  legalName,
  givenName,
  familyName,
}: {
  legalName?: string | undefined;
  givenName?: string | undefined;
  familyName?: string | undefined;
}): string {
  return legalName || [givenName, familyName].filter(Boolean).join(' ');
}
