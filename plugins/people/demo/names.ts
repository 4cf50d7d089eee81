// Names of invented people: mostly those that are common in the country, some from the lists of faker.

import type { Chance } from './chance.ts';
import { capital, type Words } from './words.ts';

export interface Names {
  given(chance: Chance): string;
  family(chance: Chance): string;
}

/** Faker's lists are without accents in French family names: these are as they are written. */
const accented: Record<string, string> = {
  ...{ Andre: 'André', Benoit: 'Benoît', Carre: 'Carré', Clement: 'Clément', Francois: 'François' },
  ...{ Gerard: 'Gérard', Guerin: 'Guérin', Laine: 'Lainé', Lefevre: 'Lefèvre', Menard: 'Ménard' },
  ...{ Noel: 'Noël', Prevost: 'Prévost', Remy: 'Rémy', Riviere: 'Rivière' },
};

export async function makeNames(country: string, words: Words): Promise<Names> {
  const { faker } = await (country === 'fr'
    ? import('@faker-js/faker/locale/fr')
    : import('@faker-js/faker/locale/en_US'));
  const { first_name: first, last_name: last } = faker.definitions.person;
  const rareGiven = [...(first.female ?? []), ...(first.male ?? []), ...(first.generic ?? [])];
  const family = (last.generic ?? []).map((name) => accented[name] ?? capital(name));
  const one = (chance: Chance) => chance.pick(chance.is(0.3) ? words.familyNames : family);
  return {
    given: (chance) => chance.pick(chance.is(0.85) ? words.givenNames : rareGiven),
    family: (chance) => (chance.is(0.04) ? `${one(chance)}-${one(chance)}` : one(chance)),
  };
}
