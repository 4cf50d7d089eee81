import test from 'ava';
import { countryCode, countryCodes, countryName, countryOf, countryOptions } from './country.ts';

test('a country is read by its code and by its names, as it is shown to readers too', (t) => {
  for (const written of ['fr', 'FRA', 'France', 'france']) t.is(countryCode(written), 'FR');
  for (const written of ['Allemagne', 'Germany', 'DE']) t.is(countryCode(written), 'DE');
  t.is(countryCode('Nowhere'), undefined);
  for (const locale of ['en', 'fr']) {
    for (const code of countryCodes()) t.is(countryCode(countryName(code, locale)), code, code);
  }
});

test('a list of countries names each once, sorted as the reader sorts', (t) => {
  const labels = countryOptions('fr').map(({ label }) => label);
  t.is(labels.length, countryCodes().length);
  t.true(labels.indexOf('États-Unis') < labels.indexOf('France'));
});

test('what is no code is shown as it stands', (t) => {
  t.is(countryName('Freedonia', 'en'), 'Freedonia');
  t.is(countryName('DEU', 'en'), 'Germany');
});

test('a jurisdiction lies in its country, a law above countries in none', (t) => {
  t.is(countryOf('ca-qc'), 'CA');
  t.is(countryOf('eu'), undefined);
});
