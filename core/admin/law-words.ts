// What a rule of the law sets, in the reader's words: for the page of every rule and for answers.
import type { Hours, Opening } from '../law/hours.ts';
import type { Count, Donors, Kinds } from '../law/kinds.ts';
import type { Money } from '../law/money.ts';
import { kindOf, type RuleId } from '../law/rules.ts';
import { capabilityName, isCapability } from '../law/vocabulary.ts';
import type { Window } from '../law/windows.ts';
import type { Locales } from '../locale.ts';
import type { Scope } from '../scope.ts';
import { durationInWords } from './place.ts';

/** A line or more; of what is not written, none. */
export function valueInWords(
  locales: Pick<Locales, 'has'>,
  scope: Scope,
  id: RuleId,
  value: unknown,
): string[] {
  if (value === undefined) return [];
  const kind = kindOf(id);
  const said = sayers(locales, scope)[kind] as (value: unknown) => string | string[];
  return [said(value)].flat();
}

type Sayers = { [Name in keyof Kinds]: (value: Kinds[Name]) => string | string[] };

function sayers(locales: Pick<Locales, 'has'>, scope: Scope): Sayers {
  const { locale } = scope;
  const say = (key: string, params?: object) => scope.t(`law.value.${key}`, { ...params });
  const list = (items: readonly string[], type: 'conjunction' | 'disjunction' = 'conjunction') =>
    new Intl.ListFormat(locale, { type }).format(items);
  const word = (text: string) => wordIn(locales, scope, text);
  const words = (all: readonly string[]) => (all.length > 0 ? list(all.map(word)) : say('none'));
  const span = (duration: string) => durationInWords(locale, duration);
  const isZero = (duration: string) => /^P(T?0[A-Z])$/.test(duration);
  const timed = (key: string) => (length: string) =>
    isZero(length) ? say('at_once') : say(key, { span: span(length) });
  return {
    consent: (step) => say(`step.${step}`),
    age: (age) => say('age', { age }),
    hours: (hours) => hoursInWords(hours, locale, say),
    holidays: (days) => list(days.map((day) => holidayInWords(day, locale, say))),
    words,
    choices: words,
    money: (money) => moneyInWords(money, locale, say),
    count: ({ count, per }: Count) => say('count', { count, span: span(per) }),
    within: timed('within'),
    at_most: timed('at_most'),
    at_least: timed('at_least'),
    windows: (windows) =>
      windows.length === 0 ? say('none') : windows.map((one) => window(one, { say, span, words })),
    donors: ({ types, anyOf, never }: Donors) => [
      say('donors', { who: words(types) }),
      ...anyOf.map((any) => say('donors.and', { any: list(any.map(word), 'disjunction') })),
      ...(never.length > 0 ? [say('donors.never', { who: words(never) })] : []),
    ],
    required: (isRequired) => say(isRequired ? 'yes' : 'no'),
    share: (share) => {
      const options = { style: 'percent', maximumFractionDigits: 1 } as const;
      return new Intl.NumberFormat(locale, options).format(share);
    },
  };
}

type Say = (key: string, params?: object) => string;

/** By name, `nationality:XX` with its country; a word that has none, such as one of the party's own, as it is. */
function wordIn({ has }: Pick<Locales, 'has'>, scope: Scope, text: string): string {
  const [, word = text, place] = /^([a-z_]+):([A-Z]{2})$/.exec(text) ?? [];
  const known = isCapability(word) ? capabilityName(word) : `law.word.${word}`;
  const name = has(known) ? scope.t(known) : word.replaceAll('_', ' ');
  if (!place) return name;
  return `${name} (${new Intl.DisplayNames([scope.locale], { type: 'region' }).of(place)})`;
}

function moneyInWords({ minor, currency, per, across }: Money, locale: string, say: Say): string {
  if (minor === null) return say('no_limit');
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  const exact = minor / 10 ** digits;
  const rounded = { style: 'currency', currency, minimumFractionDigits: 0 } as const;
  const amount = new Intl.NumberFormat(locale, rounded).format(exact);
  const once = say(`per.${per}`, { amount });
  return across === 'recipient' ? once : `${once}, ${say(`across.${across}`)}`;
}

function window(
  { before, of, until, shift, bars }: Window,
  {
    say,
    span,
    words,
  }: { say: Say; span: (d: string) => string; words: (all: readonly string[]) => string },
): string {
  const from = /^PT?0/.test(before)
    ? say(`from.${of}`)
    : say('before', { span: span(before), moment: say(`moment.${of}`) });
  const end = shift
    ? say(shift.startsWith('-') ? 'until.before' : 'until.after', {
        ...{ span: span(shift.replace('-', '')), moment: say(`moment.${until}`) },
      })
    : say(`until.${until}`);
  return say('window', { from, until: end, acts: words(bars) });
}

function holidayInWords(day: string, locale: string, say: Say): string {
  const [, offset] = /^easter([+-]\d+)$/.exec(day) ?? [];
  if (offset !== undefined) return say('easter', { days: Number(offset) });
  const options = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, options).format(new Date(`2024-${day}T00:00:00Z`));
}

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const;

/** A line a channel; days that follow each other with the same hours are told as one. */
function hoursInWords(hours: Hours, locale: string, say: Say): string[] {
  return Object.entries(hours).map(([channel, byDay]) => {
    const runs: { from: number; to: number; openings: readonly Opening[] }[] = [];
    week.forEach((day, index) => {
      const last = runs.at(-1);
      const openings = byDay[day];
      if (last && String(last.openings) === String(openings) && day !== 'holiday') last.to = index;
      else runs.push({ from: index, to: index, openings });
    });
    const told = runs.map(({ from, to, openings }) => {
      const days = [...new Set([from, to])].map((day) => dayName(day, locale, say)).join('–');
      const open = openings.map((ends) => ends.join('–')).join(', ');
      return `${days} ${open || say('closed')}`;
    });
    return say('channel', { channel: say(`channel.${channel}`), hours: told.join(say('then')) });
  });
}

/** 2024 began on a Monday. */
function dayName(day: number, locale: string, say: Say): string {
  if (day === week.length - 1) return say('holiday');
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  return format.format(new Date(Date.UTC(2024, 0, day + 1)));
}
