// Countries by code and by name, in the languages that we speak. The package's own entry would load eighty.
import countries from 'i18n-iso-countries/index.js';
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import fr from 'i18n-iso-countries/langs/fr.json' with { type: 'json' };

countries.registerLocale(en);
countries.registerLocale(fr);
const languages = ['en', 'fr'];

/** Alpha-2 of a code or of a name such as `France`, `Allemagne`. */
export function countryCode(text: string): string | undefined {
  const code = text.toUpperCase();
  if (countries.isValid(code)) return countries.toAlpha2(code);
  return languages
    .map((language) => countries.getSimpleAlpha2Code(text, language))
    .find((found) => found !== undefined);
}

export function countryName(code: string, locale: string): string {
  return countries.getName(code, locale.slice(0, 2)) ?? code;
}

/** Sorted as the reader sorts. */
export function countryOptions(locale: string): { value: string; label: string }[] {
  return Object.entries(countries.getNames(locale.slice(0, 2)))
    .map(([value, label]) => ({ value, label: String(label) }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

/** Alpha-2 codes of all there are. */
export function countryCodes(): string[] {
  return Object.keys(countries.getAlpha2Codes());
}
