// Countries by code and by name, in the reader's language. The package's own entry would load eighty languages.
import countries from 'i18n-iso-countries/index.js';
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

countries.registerLocale(en);

export function isCountry(code: string): boolean {
  return countries.isValid(code);
}

export function countryName(code: string, locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code;
}

/** Sorted as the reader sorts. */
export function countryOptions(locale: string): { value: string; label: string }[] {
  return Object.keys(countries.getAlpha2Codes())
    .map((value) => ({ value, label: countryName(value, locale) }))
    .sort((one, other) => one.label.localeCompare(other.label, locale));
}
