// In which country a jurisdiction lies.
import { isCountry } from 'rostra/plugin';

/** `ca-qc` lies in Canada; a law above countries names none. */
export function countryOf(jurisdiction: string): string | undefined {
  const code = jurisdiction.slice(0, 2).toUpperCase();
  return isCountry(code) ? code : undefined;
}
