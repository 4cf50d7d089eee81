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
