// The rules of the world's telephone numbers, read with the first number: as modules they are a hundred files at each start.
import { createRequire } from 'node:module';
import type { CountryCode } from 'libphonenumber-js';

const require = createRequire(import.meta.url);
let loaded: typeof import('libphonenumber-js') | undefined;

function rules(): typeof import('libphonenumber-js') {
  loaded ??= require('libphonenumber-js') as typeof import('libphonenumber-js');
  return loaded;
}

export function parseNumber(typed: string, from?: CountryCode) {
  return rules().parsePhoneNumberFromString(typed, from);
}

export function isCountry(code: string): code is CountryCode {
  return rules().isSupportedCountry(code);
}

/** By calling code, such as `33`, the country that it is known for: +1 is the United States, +44 Great Britain. */
export function callingCodes(): Readonly<Record<string, string>> {
  known ??= Object.fromEntries(
    Object.entries(metadata().country_calling_codes).map(([code, [country]]) => [code, country]),
  );
  return known;
}

let known: Record<string, string> | undefined;

function metadata(): { country_calling_codes: Record<string, [string]> } {
  return require('libphonenumber-js/metadata.min.json');
}

/** No calling code is the beginning of another. */
export function countryOfNumber(number: string): string | undefined {
  const codes = callingCodes();
  return [1, 2, 3].map((length) => codes[number.slice(1, 1 + length)]).find(Boolean);
}
