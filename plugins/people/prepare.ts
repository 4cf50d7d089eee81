// Brings what was typed or imported into the form in which it is kept, and says what does not fit.
import { randomUUID } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js';
import { countryCode, type Fault, type Scope } from 'rostra/plugin';
import type { PersonFields } from './index.ts';
import { isCountry, parseNumber } from './telephone.ts';
import { lineOf } from './telephone-line.ts';
import { plainNumber } from './telephone-plain.ts';
import type { Prepared } from './upsert.sql.ts';

export type Preparation = { ok: true; prepared: Prepared } | { ok: false; faults: Fault[] };

export function prepare(scope: Scope, fields: PersonFields): Preparation {
  const faults: Fault[] = [];
  const address = fields.postalAddress ?? {};
  const country = countryOf(address.country, faults);
  const phoneNumber = phoneOf(scope, fields.phoneNumber, country, faults);
  const prepared: Prepared = {
    key: randomUUID(),
    givenName: line(fields.givenName),
    familyName: line(fields.familyName),
    emailAddress: emailOf(fields.emailAddress, faults),
    phoneNumber,
    phoneLine: phoneNumber === null ? null : lineOf(phoneNumber),
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

/** Signs that nothing is to be done to, as nearly every text has them. */
const plain = /^[!-~À-ÿŒœ’](?:[ -~À-ÿŒœ’]{0,198}[!-~À-ÿŒœ’])?$/;

/** One line without control signs; `null` when nothing is left. */
export function line(text: string | undefined): string | null {
  if (!text) return null;
  if (plain.test(text) && !text.includes('  ')) return text;
  const clean = text
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
  const found = numberOf(typed, dialledFrom(scope, country));
  if (found) return found;
  faults.push({ path: '/phoneNumber', message: 'people.fault.phone' });
  return null;
}

/** E.164 of what may be a number. */
export function numberOf(typed: string, from: CountryCode | undefined): string | undefined {
  const plain = plainNumber(typed, from);
  if (plain) return plain;
  const found = parseNumber(typed, from);
  return found?.isPossible() ? found.number : undefined;
}

/** A number without its country is read as one of the person's country, else of the organization's. */
export function dialledFrom(scope: Scope, country: string | null): CountryCode | undefined {
  const own = scope.organization.jurisdiction.slice(0, 2).toUpperCase();
  return [country, own].find((code) => code !== null && isCountry(code)) as CountryCode | undefined;
}

export function birthDateOf(
  scope: Scope,
  text: string | undefined,
  faults: Fault[],
  isMonthFirst?: boolean,
): string | null {
  const typed = line(text);
  if (typed === null) return null;
  const day = dayOf(scope, typed, isMonthFirst);
  const today = scope.now().toISOString().slice(0, 10);
  if (day && day > '1900-01-01' && day <= today) return day;
  faults.push({ path: '/birthDate', message: 'people.fault.birth-date' });
  return null;
}

/** `1987-05-14`, with a time or without, or `14/05/1987` and `14.05.87`; in America the month first. */
export function dayOf(
  scope: Scope,
  text: string,
  isMonthFirst = scope.organization.jurisdiction.startsWith('us'),
): string | undefined {
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b/.exec(text);
  const iso = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(text)?.[0];
  const day = parts ? fromParts(parts, isMonthFirst, scope.now()) : iso;
  if (!day) return undefined;
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const read = new Date(Date.UTC(year, month - 1, date));
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === date ? day : undefined;
}

function fromParts(parts: readonly string[], isMonthFirst: boolean, now: Date): string {
  const [, first = '', second = '', written = ''] = parts;
  const isSwapped = isMonthFirst ? Number(first) <= 12 : Number(second) > 12;
  const [month, day] = isSwapped ? [first, second] : [second, first];
  const century = Number(written) > now.getUTCFullYear() % 100 ? '19' : '20';
  const year = written.length === 4 ? written : century + written;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

export function countryOf(text: string | undefined, faults: Fault[]): string | null {
  const typed = line(text);
  if (typed === null) return null;
  const found = countryCode(typed);
  if (found) return found;
  faults.push({ path: '/country', message: 'people.fault.country' });
  return null;
}
