// Sentences of the core, the plugins and the themes, by key and language.

export interface Locales {
  /** BCP 47 tags that are complete. */
  readonly known: readonly string[];
  /** The sentence; the key itself when there is none. */
  t(locale: string, key: string, params?: Record<string, unknown>): string;
  has(key: string): boolean;
  /** The best of the known ones for an Accept-Language header. */
  choose(header: string | undefined, fallback: string): string;
}
