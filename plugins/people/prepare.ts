// Brings what was typed or imported into the form in which it is kept, and says what does not fit.
import { randomUUID } from 'node:crypto';
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';
import type { Fault, Scope } from 'rostra/plugin';
import { countryCode } from './country.ts';
import type { PersonFields } from './index.ts';
import type { Prepared } from './upsert.sql.ts';

export type Preparation = { ok: true; prepared: Prepared } | { ok: false; faults: Fault[] };

export function prepare(scope: Scope, fields: PersonFields): Preparation {
  const faults: Fault[] = [];
  const address = fields.postalAddress ?? {};
  const country = countryOf(address.country, faults);
  const prepared: Prepared = {
    key: randomUUID(),
    givenName: line(fields.givenName),
    familyName: line(fields.familyName),
    emailAddress: emailOf(fields.emailAddress, faults),
    phoneNumber: phoneOf(scope, fields.phoneNumber, country, faults),
    birthDate: birthDateOf(scope, fields.birthDate, faults),
    locale: null,
    line1: line(address.line1),
    line2: line(address.line2),
    postcode: line(address.postcode),
    locality: line(address.locality),
    region: line(address.region),
    country,
    relation: fields.relation ?? null,
    source: fields.source,
    tags: (fields.tags ?? []).map(line).filter((tag) => tag !== null),
  };
  const isSomeone =
    prepared.givenName ?? prepared.familyName ?? prepared.emailAddress ?? prepared.phoneNumber;
  if (!isSomeone && faults.length === 0) faults.push({ path: '', message: 'people.fault.nobody' });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, prepared };
}

/** One line without control signs; `null` when nothing is left. */
function line(text: string | undefined): string | null {
  const clean = (text ?? '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return clean === '' ? null : clean;
}

const emailPattern = /^[^\s@"<>(),;:\\[\]]+@[^\s@.]+(\.[^\s@.]+)+$/;

export function emailOf(text: string | undefined, faults: Fault[]): string | null {
  const address = line(text)?.toLowerCase() ?? null;
  if (address === null || (emailPattern.test(address) && address.length <= 254)) return address;
  faults.push({ path: '/emailAddress', message: 'people.fault.email' });
  return null;
}

export function phoneOf(
  scope: Scope,
  text: string | undefined,
  country: string | null,
  faults: Fault[],
): string | null {
  const typed = line(text);
  if (typed === null) return null;
  const found = parsePhoneNumberFromString(typed, dialledFrom(scope, country));
  if (found?.isPossible()) return found.number;
  faults.push({ path: '/phoneNumber', message: 'people.fault.phone' });
  return null;
}

/** A number without its country is read as one of the person's country, else of the organization's. */
function dialledFrom(scope: Scope, country: string | null): CountryCode | undefined {
  const own = scope.organization.jurisdiction.slice(0, 2).toUpperCase();
  return [country, own].find((code) => code !== null && isSupportedCountry(code)) as
    | CountryCode
    | undefined;
}

function birthDateOf(scope: Scope, text: string | undefined, faults: Fault[]): string | null {
  const typed = line(text);
  if (typed === null) return null;
  const day = isoDay(typed);
  const today = scope.now().toISOString().slice(0, 10);
  if (day && day > '1900-01-01' && day <= today) return day;
  faults.push({ path: '/birthDate', message: 'people.fault.birth-date' });
  return null;
}

/** `1987-05-14`, or `14/05/1987` and `14.05.1987`, day first. */
function isoDay(text: string): string | undefined {
  const european = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text);
  const day = european
    ? `${european[3]}-${european[2]?.padStart(2, '0')}-${european[1]?.padStart(2, '0')}`
    : text;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : undefined;
}

function countryOf(text: string | undefined, faults: Fault[]): string | null {
  const typed = line(text);
  if (typed === null) return null;
  const found = countryCode(typed);
  if (found) return found;
  faults.push({ path: '/country', message: 'people.fault.country' });
  return null;
}
