// Sentences of the core, the plugins and the themes, by key and language.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type FormatXMLElementFn, IntlMessageFormat, type PrimitiveType } from 'intl-messageformat';
import type { Log } from './log.ts';

export interface Locales {
  /** BCP 47 tags that are complete. */
  readonly known: readonly string[];
  /** The sentence; the key itself when there is none. */
  t(locale: string, key: string, params?: Record<string, unknown>): string;
  /** The sentence in pieces, `<link>…</link>` in it given to `tags`, for who writes HTML. */
  pieces(
    locale: string,
    key: string,
    params: Record<string, unknown>,
    tags: Record<string, (inner: string) => unknown>,
  ): unknown[];
  has(key: string): boolean;
  /** The best of the known ones for an Accept-Language header. */
  choose(header: string | undefined, fallback: string): string;
  /** Reads one more folder of `{en,fr}.json`, e.g. of a theme that was mounted; again if it was read before. */
  add(folder: string): void;
}

type Values = Record<string, PrimitiveType | FormatXMLElementFn<unknown>>;

/** Reads folders of flat `{en,fr}.json`; the first one, the core's, says which languages there are. */
export async function loadLocales(source: { folders: string[]; log: Log }): Promise<Locales> {
  const known: string[] = [];
  const sentences = new Map<string, Map<string, string>>();
  const compiled = new Map<string, IntlMessageFormat>();
  const warned = new Set<string>();

  function warn(key: string, locale: string, what: string, cause?: unknown) {
    const once = `${locale} ${key} ${what}`;
    if (warned.has(once)) return;
    warned.add(once);
    source.log.warn({ key, locale, cause: cause && String(cause) }, what);
  }

  /** The core's own must be whole; a plugin's or theme's broken file costs it its sentences, nobody else. */
  function readOrTell(folder: string) {
    try {
      return readFolder(folder);
    } catch (error) {
      if (sentences.size === 0) throw error;
      source.log.error({ reason: (error as Error).message }, 'sentences could not be read');
      return [];
    }
  }

  function add(folder: string) {
    for (const { tag, entries } of readOrTell(folder)) {
      const held = sentences.get(tag) ?? new Map<string, string>();
      sentences.set(tag, held);
      for (const [key, text] of Object.entries(entries)) held.set(key, text);
    }
    compiled.clear();
  }

  function find(locale: string, key: string): { locale: string; text: string } | undefined {
    for (const tag of [locale, locale.split('-')[0] ?? locale, known[0] ?? 'en']) {
      const text = sentences.get(tag)?.get(key);
      if (text !== undefined) return { locale: tag, text };
    }
    return undefined;
  }

  function message(locale: string, key: string, ignoreTag: boolean): IntlMessageFormat | undefined {
    const id = `${locale} ${key} ${ignoreTag}`;
    const ready = compiled.get(id);
    if (ready) return ready;
    const found = find(locale, key);
    if (!found) {
      warn(key, locale, 'no such sentence');
      return undefined;
    }
    if (!isSameLanguage(found.locale, locale)) warn(key, locale, 'sentence not translated');
    const made = new IntlMessageFormat(found.text, locale, undefined, { ignoreTag });
    compiled.set(id, made);
    return made;
  }

  function format(locale: string, key: string, values: Values, ignoreTag: boolean): unknown {
    try {
      return message(locale, key, ignoreTag)?.format<unknown>(values) ?? key;
    } catch (cause) {
      warn(key, locale, 'sentence cannot be formed', cause);
      return key;
    }
  }

  for (const folder of source.folders) {
    add(folder);
    if (known.length === 0) known.push(...[...sentences.keys()].sort());
  }

  return {
    known,
    add,
    t: (locale, key, params = {}) => String(format(locale, key, asValues(params), true)),
    pieces(locale, key, params, tags) {
      const out = format(locale, key, { ...asValues(params), ...asTags(tags) }, false);
      return Array.isArray(out) ? out : [out];
    },
    has: (key) => [...sentences.values()].some((held) => held.has(key)),
    choose: (header, fallback) => chooseLocale(known, header, fallback),
  };
}

function readFolder(folder: string): { tag: string; entries: Record<string, string> }[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => {
    const file = path.join(folder, name);
    try {
      return {
        tag: name.slice(0, -'.json'.length),
        entries: JSON.parse(readFileSync(file, 'utf8')),
      };
    } catch (cause) {
      throw new Error(`${file} is not JSON: mend it, sentences stand there by key`, { cause });
    }
  });
}

/** What may stand in a sentence: numbers, dates and text; everything else as text. */
function asValues(params: Record<string, unknown>): Values {
  const entries = Object.entries(params).map(([name, value]): [string, PrimitiveType] => [
    name,
    typeof value === 'number' || value instanceof Date ? value : String(value ?? ''),
  ]);
  return Object.fromEntries(entries);
}

function asTags(tags: Record<string, (inner: string) => unknown>): Values {
  const entries = Object.entries(tags).map(
    ([name, make]): [string, FormatXMLElementFn<unknown>] => [
      name,
      (inner) => make(inner.join('')),
    ],
  );
  return Object.fromEntries(entries);
}

function isSameLanguage(a: string, b: string): boolean {
  return a.split('-')[0] === b.split('-')[0];
}

function chooseLocale(known: readonly string[], header: string | undefined, fallback: string) {
  for (const tag of tagsIn(header)) {
    const exact = known.find((each) => each.toLowerCase() === tag.toLowerCase());
    const match = exact ?? known.find((each) => isSameLanguage(each, tag.toLowerCase()));
    if (match) return match;
    if (tag === '*') return fallback;
  }
  return fallback;
}

/** The languages of an `Accept-Language` header, the dearest first. */
export function tagsIn(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const weight = rest.map((word) => /^\s*q=([\d.]+)/.exec(word)?.[1]).find(Boolean);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter((wish) => wish.tag !== '' && wish.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
