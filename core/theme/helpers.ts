// What stands on `it` in every view: sentences, dates, numbers, addresses, partials.

import type { Locales } from '../locale.ts';
import type { Scope } from '../scope.ts';
import { SafeHtml, safeUrl } from './safe.ts';
import { escape } from './templates.ts';

export interface Helpers {
  t(key: string, params?: Record<string, unknown>): string;
  /** A sentence with `<link>words</link>` in it, each leading where `links` says. */
  rich(key: string, params: Record<string, unknown>, links: Record<string, string>): SafeHtml;
  may(permission: string): boolean;
  /** `24 November 2026`; a date without time may come as a string. */
  date(value: Date | string, style?: DateStyle): string;
  dateTime(value: Date | string, style?: DateStyle): string;
  /** `3 minutes ago`, with the exact time in it. */
  ago(value: Date | string): SafeHtml;
  number(value: number, options?: Intl.NumberFormatOptions): string;
  money(minor: number, currency: string): string;
  /** Absolute, on the site's own host. */
  url(path: string): string;
  /** Inside the admin, with the chapter's prefix. */
  admin(path: string): string;
  asset(path: string): string;
  part(name: string, data?: object): SafeHtml;
  /** Attributes of a tag; what is false or `undefined` is left out. */
  attrs(values: Record<string, unknown>): SafeHtml;
  /** Tells the layout its title, description and the like. */
  head(values: Record<string, unknown>): string;
}
type DateStyle = 'full' | 'long' | 'medium' | 'short';

export interface HelperSources {
  scope: Scope;
  locales: Locales;
  siteUrl: string;
  adminBase: string;
  asset(path: string): string;
  part(name: string, data: object): SafeHtml;
  head(values: Record<string, unknown>): void;
}

export function makeHelpers(from: HelperSources): Helpers {
  const { scope, locales } = from;
  const { locale } = scope;
  const { timeZone } = scope.organization;

  function dateTime(value: Date | string, style: DateStyle = 'long'): string {
    return dateFormat(locale, { dateStyle: style, timeStyle: 'short', timeZone }).format(
      asDate(value),
    );
  }

  return {
    t: (key, params) => scope.t(key, params),
    rich: (key, params, links) => rich(locales.pieces(locale, key, params, asLinks(links))),
    may: (permission) => scope.may(permission),
    date(value, style = 'long') {
      const zone = isDay(value) ? 'UTC' : timeZone;
      return dateFormat(locale, { dateStyle: style, timeZone: zone }).format(asDate(value));
    },
    dateTime,
    ago(value) {
      const at = asDate(value);
      const words = relative(locale, at.getTime() - scope.now().getTime());
      return new SafeHtml(
        `<time datetime="${at.toISOString()}" title="${escape(dateTime(at))}">${escape(words)}</time>`,
      );
    },
    number: (value, options = {}) => numberFormat(locale, options).format(value),
    money: (minor, currency) => formatMoney(locale, minor, currency),
    url: (path) => `${from.siteUrl}${path}`,
    admin: (path) => `${from.adminBase}${path === '/' ? '' : path}`,
    asset: from.asset,
    part: (name, data = {}) => from.part(name, data),
    attrs,
    head(values) {
      from.head(values);
      return '';
    },
  };
}

/** What a view is given: the helpers may not be hidden by data of the same name. */
export function withHelpers(data: object, helpers: object, view: string): object {
  const hidden = Object.keys(data).find((key) => key in helpers);
  if (hidden) throw new Error(`data of ${view} may not be named '${hidden}': that is a helper`);
  return { ...data, ...helpers };
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

function relative(locale: string, milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const format = remember(`relative ${locale}`, () => {
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  });
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  if (!step) return format.format(0, 'second');
  return format.format(Math.trunc(seconds / step[1]), step[0]);
}

/** `minor` in the currency's smallest unit, as the reader writes it. */
export function formatMoney(locale: string, minor: number, currency: string): string {
  const format = numberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

function attrs(values: Record<string, unknown>): SafeHtml {
  const written = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== false)
    .map(([name, value]) => {
      if (!/^[a-z][a-z0-9-]*$/.test(name) || /^(on|style$)/.test(name)) {
        throw new Error(`'${name}' may not be an attribute: scripts and styles stand in files`);
      }
      return value === true ? ` ${name}` : ` ${name}="${escape(value)}"`;
    });
  return new SafeHtml(written.join(''));
}

function asLinks(links: Record<string, string>): Record<string, (inner: string) => SafeHtml> {
  const entries = Object.entries(links).map(
    ([tag, href]): [string, (inner: string) => SafeHtml] => [
      tag,
      (inner) => new SafeHtml(`<a href="${escape(safeUrl(href))}">${escape(inner)}</a>`),
    ],
  );
  return Object.fromEntries(entries);
}

function rich(pieces: unknown[]): SafeHtml {
  return new SafeHtml(pieces.map(escape).join(''));
}

function isDay(value: Date | string): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
}

function asDate(value: Date | string): Date {
  return value instanceof Date ? value : new Date(value);
}

// Making an Intl format costs a thousand times using it.
const formats = new Map<string, unknown>();
function remember<T>(key: string, make: () => T): T {
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key) as T;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `date ${locale} ${JSON.stringify(options)}`;
  return remember(key, () => new Intl.DateTimeFormat(locale, options));
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `number ${locale} ${JSON.stringify(options)}`;
  return remember(key, () => new Intl.NumberFormat(locale, options));
}
