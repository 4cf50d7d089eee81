// Countries by code and by name, in the reader's language: the one list there is.
// The package's own entry would load eighty languages; the two are for reading what was typed.
import countries from 'i18n-iso-countries/index.js';
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import fr from 'i18n-iso-countries/langs/fr.json' with { type: 'json' };

countries.registerLocale(en);
countries.registerLocale(fr);
const languages = Object.keys({ en, fr });

export function isCountry(code: string): boolean {
  return countries.isValid(code);
}

/** Alpha-2 of a code or of a name such as `France`, `Allemagne`, also as `countryName` writes it. */
export function countryCode(text: string): string | undefined {
  const code = text.toUpperCase();
  if (countries.isValid(code)) return countries.toAlpha2(code);
  const known = languages.map((language) => countries.getSimpleAlpha2Code(text, language));
  return known.find((found) => found !== undefined) ?? shownNames().get(text.toLowerCase());
}

let shown: Map<string, string> | undefined;

function shownNames(): Map<string, string> {
  shown ??= new Map(
    countryCodes().flatMap((code) =>
      languages.map((language) => [countryName(code, language).toLowerCase(), code] as const),
    ),
  );
  return shown;
}

/** In which country a jurisdiction lies: `ca-qc` lies in Canada; a law above countries names none. */
export function countryOf(jurisdiction: string): string | undefined {
  const code = jurisdiction.slice(0, 2).toUpperCase();
  return isCountry(code) ? code : undefined;
}

/** What is no code stays as it is. */
export function countryName(code: string, locale: string): string {
  const alpha2 = countries.toAlpha2(code);
  return (alpha2 && namesIn(locale).of(alpha2)) ?? code;
}

/** Made once a language: a list of all countries would make two hundred and fifty. */
const names = new Map<string, Intl.DisplayNames>();

function namesIn(locale: string): Intl.DisplayNames {
  const known = names.get(locale) ?? new Intl.DisplayNames([locale], { type: 'region' });
  names.set(locale, known);
  return known;
}

/** Sorted as the reader sorts. */
export function countryOptions(locale: string): { value: string; label: string }[] {
  return countryCodes()
    .map((value) => ({ value, label: countryName(value, locale) }))
    .sort((one, other) => one.label.localeCompare(other.label, locale));
}

/** Alpha-2 codes of all there are. */
export function countryCodes(): string[] {
  return Object.keys(countries.getAlpha2Codes());
}
