// Telephone numbers that nobody has: ranges that the regulators keep for fiction.
import type { Chance } from './chance.ts';

/** Arcep's decision 2018-0881 keeps 06 39 98 and 01 99 00 (and their sisters) for works of fiction. */
const french = ['+3363998', '+3363998', '+3319900', '+3326191', '+3335301', '+3346571', '+3353649'];
/** 555-0100 to 555-0199 of each area code. */
const american: Record<string, string[]> = {
  OH: ['614', '216', '513', '419'],
  GA: ['404', '912', '706', '478'],
  AZ: ['602', '520', '480', '928'],
};
const others = [
  '212',
  '312',
  '617',
  '503',
  '305',
  '702',
  '816',
  '304',
  '207',
  '919',
  '615',
  '213',
  '206',
];

export function makePhones(country: string) {
  return (chance: Chance, area: string): string => {
    if (country === 'fr')
      return `${chance.pick(french)}${String(chance.between(0, 9_999)).padStart(4, '0')}`;
    const code = chance.pick(american[area] ?? others);
    return `+1${code}55501${String(chance.between(0, 99)).padStart(2, '0')}`;
  };
}
