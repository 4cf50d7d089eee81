// What invented people are called, where they live and what is said of them, by country.
import { readFileSync } from 'node:fs';

export interface Words {
  givenNames: string[];
  familyNames: string[];
  streets: string[];
  tags: string[];
  notes: string[];
  staff: string[];
  /** Where lists came from. */
  origins: string[];
  wording: { email: string; sms: string };
  /** Of the party, with a theme of its own. */
  themeNewsletter: { name: string; description: string };
  /** One a chapter, in their order. */
  chapterNewsletters: { name: string; description: string }[];
}

export function wordsOf(country: string): Words {
  return JSON.parse(readFileSync(new URL(`${country}.json`, import.meta.url), 'utf8'));
}

/** `da silva` is `Da Silva`. */
export function capital(name: string): string {
  return name.replace(
    /(^|[ '-])(\p{Ll})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** `Éléonore D'Almeida` is `eleonore.d.almeida`, as addresses have it. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^\.|\.$/g, '');
}
