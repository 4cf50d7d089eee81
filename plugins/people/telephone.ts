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

/** By calling code, such as `33`, the country that it is known for; of +1, whose countries have laws of their own, by area too: `1604`. */
export function callingCodes(): Readonly<Record<string, string>> {
  known ??= { ...mainCodes(), ...areaCodes() };
  return known;
}

function mainCodes(): Record<string, string> {
  const codes = Object.entries(metadata().country_calling_codes);
  return Object.fromEntries(codes.map(([code, [country]]) => [code, country]));
}

/** Of +1 those of other countries than the one that it is known for. */
function areaCodes(): Record<string, string> {
  const { 1: main } = mainCodes();
  const areas = Array.from({ length: 800 }, (_, at) => String(at + 200));
  const found = areas.map((area) => [`1${area}`, parseNumber(`+1${area}2345678`)?.country]);
  return Object.fromEntries(found.filter(([, country]) => country && country !== main));
}

let known: Record<string, string> | undefined;

function metadata(): { country_calling_codes: Record<string, [string]> } {
  return require('libphonenumber-js/metadata.min.json');
}

/** Digits of a calling code, with the area where it counts; no other is the beginning of another. */
export const codeLengths = [4, 3, 2, 1];

export function countryOfNumber(number: string): string | undefined {
  const codes = callingCodes();
  return codeLengths.map((length) => codes[number.slice(1, 1 + length)]).find(Boolean);
}
