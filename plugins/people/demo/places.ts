// Where invented people live: communes of France by their population, cities of the United States by their zip codes.
import { createRequire } from 'node:module';
import { makeWeighted } from './chance.ts';

export interface Place {
  locality: string;
  postcode: string;
  /** A state; France writes none. */
  region: string | null;
  /** A département or a state: what a chapter stands for. */
  area: string;
}

interface Commune {
  nom: string;
  type: string;
  departement?: string;
  codesPostaux?: string[];
  population?: number;
}
interface Zip {
  zip: string;
  city: string;
  state: string;
  country: string;
}

const require = createRequire(import.meta.url);
/** Where the party has chapters it has more people. */
const boost = 9;
const notStates = new Set(['PR', 'VI', 'GU', 'AS', 'MP', 'PW', 'FM', 'MH', 'AE', 'AA', 'AP']);

/** Half a million rows of JSON are read only when a party is invented. */
export function makePlaces(country: string, areas: readonly string[]) {
  return country === 'fr' ? french(areas) : american(areas);
}

function french(areas: readonly string[]) {
  const all: Commune[] = require('@etalab/decoupage-administratif/data/communes.json');
  const communes = all.filter(
    (one) => one.type === 'commune-actuelle' && one.population && one.codesPostaux?.length,
  );
  const pick = makeWeighted(communes, ({ population = 0, departement = '' }) =>
    areas.includes(departement) ? population * boost : population,
  );
  return (chance: Parameters<typeof pick>[0]): Place => {
    const { nom, departement = '', codesPostaux = [] } = pick(chance);
    return { locality: nom, postcode: chance.pick(codesPostaux), region: null, area: departement };
  };
}

function american(areas: readonly string[]) {
  const { codes }: { codes: Record<string, Zip> } = require('zipcodes');
  const zips = Object.values(codes).filter(
    ({ country, state }) => country === 'US' && !notStates.has(state),
  );
  const pick = makeWeighted(zips, ({ state }) => (areas.includes(state) ? boost : 1));
  return (chance: Parameters<typeof pick>[0]): Place => {
    const { zip, city, state } = pick(chance);
    return { locality: city, postcode: zip, region: state, area: state };
  };
}
