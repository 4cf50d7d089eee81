// The form of a person with its rows of addresses: read without scripts, an empty row for one more.
import type { Card, Post } from './edit.ts';
import { postFields } from './postal.ts';

/** A row that is to be removed comes back empty; the one marked as the main one stands first. */
export function cardOf(values: Record<string, unknown>): Card {
  const removed = new Set(all(values['remove']));
  const rowsOf = (field: string) => all(values[field]).map((text) => text.trim());
  const kept = (field: string, texts: string[]) =>
    texts.map((text, row) => (removed.has(`${field}-${row}`) ? '' : text));
  const columns = postFields.map((field) => [field, rowsOf(field)] as const);
  const count = Math.max(...columns.map(([, texts]) => texts.length));
  const posts = Array.from({ length: count }, (_, row) =>
    postFrom(columns, removed.has(`post-${row}`) ? -1 : row),
  );
  const text = (field: string) => String(values[field] ?? '').trim();
  return {
    givenName: text('givenName'),
    familyName: text('familyName'),
    birthDate: text('birthDate'),
    emailAddresses: first(kept('emailAddress', rowsOf('emailAddress')), text('mainEmailAddress')),
    phoneNumbers: first(kept('phoneNumber', rowsOf('phoneNumber')), text('mainPhoneNumber')),
    postalAddresses: first(posts, text('mainPost')),
    relation: text('relation'),
    chapters: all(values['chapters']).filter(Boolean).sort().join(','),
  };
}

/** The rows as the form draws them; there is always an empty one. */
export function rowsOf(card: Card) {
  return {
    emailAddress: withEmpty(card.emailAddresses, ''),
    phoneNumber: withEmpty(card.phoneNumbers, ''),
    post: withEmpty(card.postalAddresses, postFrom([], -1)),
  };
}

function withEmpty<T>(rows: readonly T[], empty: T): T[] {
  const isEmpty = (row: T | undefined) => JSON.stringify(row) === JSON.stringify(empty);
  return rows.length > 0 && isEmpty(rows.at(-1)) ? [...rows] : [...rows, empty];
}

function postFrom(columns: readonly (readonly [string, string[]])[], row: number): Post {
  const entries = postFields.map((field) => {
    const [, texts] = columns.find(([name]) => name === field) ?? [field, []];
    return [field, texts[row] ?? ''];
  });
  return Object.fromEntries(entries) as Post;
}

/** The row of this number before the others. */
function first<T>(rows: T[], number: string): T[] {
  const main = /^\d{1,2}$/.test(number) ? rows[Number(number)] : undefined;
  return main === undefined ? rows : [main, ...rows.filter((row) => row !== main)];
}

function all(value: unknown): string[] {
  if (value === undefined) return [];
  return [value].flat().map(String);
}
